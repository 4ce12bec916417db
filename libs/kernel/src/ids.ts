import { sha256Hex } from './hash';

/**
 * A UUID (version 8 of RFC 9562: own construction) that depends only on the given parts.
 * The same cause gives the same id, so a message that is produced twice is recognised as one.
 */
export function deterministicId(...parts: readonly string[]): string {
  const hex = sha256Hex(JSON.stringify(parts));
  const variant = ((parseInt(hex[16], 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
