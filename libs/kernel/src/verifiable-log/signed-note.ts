import { fromBase64, joinBytes, toBase64, toUtf8 } from '../encoding';
import { sha256Bytes } from '../hash';

/** What a key signs with: Ed25519 over the text (type 1), or over a dated co-signature of it (type 4, C2SP tlog-cosignature). */
export const ED25519_TYPE = 1;
export const COSIGNATURE_TYPE = 4;

/** One signature line: name, 4 bytes that hint at the key, and what the key made. */
export interface NoteSignature {
  readonly name: string;
  readonly keyId: Uint8Array;
  readonly signature: Uint8Array;
}

/** A text with signatures, as C2SP signed-note has it. The text ends with a line break, which is signed too. */
export interface SignedNote {
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** A public key under a name: `name+hint+base64(type and key)`. */
export interface VerifierKey {
  readonly name: string;
  readonly type: typeof ED25519_TYPE | typeof COSIGNATURE_TYPE;
  readonly publicKey: Uint8Array;
}

/** First four bytes of SHA-256 over name, line break, type and key. */
export function keyIdOf({ name, type, publicKey }: VerifierKey): Uint8Array {
  return sha256Bytes(joinBytes(toUtf8(`${name}\n`), Uint8Array.of(type), publicKey)).slice(0, 4);
}

export function formatVerifierKey(key: VerifierKey): string {
  const hint = Array.from(keyIdOf(key), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${key.name}+${hint}+${toBase64(joinBytes(Uint8Array.of(key.type), key.publicKey))}`;
}

/** Reads a public key; undefined when it is not one. */
export function parseVerifierKey(text: string): VerifierKey | undefined {
  const [, name, , encoded] = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text.trim()) ?? [];
  const bytes = encoded === undefined ? undefined : fromBase64(encoded);
  if (bytes?.length !== 33 || (bytes[0] !== ED25519_TYPE && bytes[0] !== COSIGNATURE_TYPE)) return undefined;
  const key: VerifierKey = { name, type: bytes[0], publicKey: bytes.slice(1) };
  return formatVerifierKey(key) === text.trim() ? key : undefined;
}

export function formatNote({ text, signatures }: SignedNote): string {
  return `${text}\n${signatures.map(signatureLine).join('')}`;
}

export function signatureLine({ name, keyId, signature }: NoteSignature): string {
  return `— ${name} ${toBase64(joinBytes(keyId, signature))}\n`;
}

/** Reads a note; undefined when any of it is out of form. */
export function parseNote(note: string): SignedNote | undefined {
  const at = note.lastIndexOf('\n\n');
  if (at < 0 || !note.endsWith('\n')) return undefined;
  const lines = note.slice(at + 2, -1).split('\n');
  const signatures = lines.map(parseSignature);
  if (signatures.some((signature) => signature === undefined)) return undefined;
  return { text: note.slice(0, at + 1), signatures: signatures as NoteSignature[] };
}

function parseSignature(line: string): NoteSignature | undefined {
  const [, name, encoded] = /^— ([^+\s]+) (\S+)$/.exec(line) ?? [];
  const bytes = encoded === undefined ? undefined : fromBase64(encoded);
  if (bytes === undefined || bytes.length < 5) return undefined;
  return { name, keyId: bytes.slice(0, 4), signature: bytes.slice(4) };
}

/** Checks an Ed25519 signature; the core has no cryptography of its own. */
export type VerifyEd25519 = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean;

/** Whether the note carries a good signature of the key. */
export function isSignedBy(note: SignedNote, key: VerifierKey, verify: VerifyEd25519): boolean {
  const id = keyIdOf(key);
  return note.signatures.some(({ name, keyId, signature }) => {
    if (name !== key.name || keyId.some((byte, i) => byte !== id[i])) return false;
    if (key.type === ED25519_TYPE) {
      return signature.length === 64 && verify(key.publicKey, toUtf8(note.text), signature);
    }
    if (signature.length !== 72) return false;
    const seconds = signature.slice(0, 8).reduce((sum, byte) => sum * 256 + byte, 0);
    return verify(key.publicKey, cosignedMessage(note.text, seconds), signature.slice(8));
  });
}

/** What a witness signs: the text with the time at which it was seen. */
export function cosignedMessage(text: string, seconds: number): Uint8Array {
  return toUtf8(`cosignature/v1\ntime ${seconds}\n${text}`);
}

/** Time and signature as a co-signature line carries them. */
export function cosignatureBytes(seconds: number, signature: Uint8Array): Uint8Array {
  const time = new Uint8Array(8);
  for (let i = 7, rest = seconds; i >= 0; i--, rest = Math.floor(rest / 256)) time[i] = rest % 256;
  return joinBytes(time, signature);
}
