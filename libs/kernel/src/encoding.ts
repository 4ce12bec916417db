import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils';

/** Lower-case hexadecimal. */
export const toHex: (bytes: Uint8Array) => string = bytesToHex;
/** Bytes of a hexadecimal text; throws on an odd length or another character. */
export const fromHex: (hex: string) => Uint8Array = hexToBytes;
export const toUtf8: (text: string) => Uint8Array = utf8ToBytes;
export const joinBytes: (...parts: readonly Uint8Array[]) => Uint8Array = concatBytes;

/** Standard base64 with padding. */
export function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

/** Bytes of a base64 text, or undefined when it is not the one canonical form of them. */
export function fromBase64(text: string): Uint8Array | undefined {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) return undefined;
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  return toBase64(bytes) === text ? bytes : undefined;
}
