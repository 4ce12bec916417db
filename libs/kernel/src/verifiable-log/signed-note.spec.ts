import { createPrivateKey, sign } from 'node:crypto';
import { fromBase64, toUtf8 } from '../encoding';
import {
  COSIGNATURE_TYPE,
  cosignatureBytes,
  cosignedMessage,
  formatNote,
  formatVerifierKey,
  isSignedBy,
  keyIdOf,
  parseNote,
  parseVerifierKey,
  type VerifierKey,
} from './signed-note';
import { verifyEd25519 } from './test-log.fixture';

/** The example of golang.org/x/mod/sumdb/note: key, text and signature that another implementation made. */
const KEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const NOTE = [
  'If you think cryptography is the answer to your problem,',
  "then you don't know what your problem is.",
  '',
  '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=',
  '',
].join('\n');

describe('signed notes', () => {
  const key = parseVerifierKey(KEY) as VerifierKey;

  it('reads the key and checks the signature of another implementation', () => {
    expect(key.name).toBe('PeterNeumann');
    expect(formatVerifierKey(key)).toBe(KEY);
    const note = parseNote(NOTE);
    expect(note && isSignedBy(note, key, verifyEd25519)).toBe(true);
    expect(note && formatNote(note)).toBe(NOTE);
  });

  it.each([
    ['a changed text', NOTE.replace('think', 'thank')],
    ['a changed signature', NOTE.replace('x08go/Z', 'x08go/Y')],
    ['another key hint', NOTE.replace('x08g', 'x08h')],
    ['another name', NOTE.replace('— PeterNeumann', '— PeterNewmann')],
    ['no signature', NOTE.slice(0, NOTE.indexOf('—'))],
    ['a signature that is no base64', NOTE.replace('nAM=', 'nAM!')],
    ['a missing last line break', NOTE.slice(0, -1)],
  ])('refuses %s', (_what, text) => {
    const note = parseNote(text);
    expect(note !== undefined && isSignedBy(note, key, verifyEd25519)).toBe(false);
  });

  it.each([
    ['a wrong hint', KEY.replace('c74f20a3', 'c74f20a4')],
    ['a wrong name', KEY.replace('Peter', 'Piet')],
    ['an unknown type', 'PeterNeumann+c74f20a3+AhpcAAAA'],
    ['a key of a wrong length', 'PeterNeumann+c74f20a3+ARpc'],
    ['no key', ''],
  ])('reads no key with %s', (_what, text) => expect(parseVerifierKey(text)).toBeUndefined());

  it('dates a co-signature: the time is signed too', () => {
    // private key of the same example, as PKCS #8: fixed prefix and seed
    const seed = fromBase64('AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz')?.slice(1) as Uint8Array;
    const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
    const privateKey = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
    const witness: VerifierKey = { ...key, name: 'witness', type: COSIGNATURE_TYPE };
    const text = 'example\n7\nq83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=\n';
    const seconds = 1_700_000_000;
    const own = sign(null, cosignedMessage(text, seconds), privateKey);
    const line = { name: 'witness', keyId: keyIdOf(witness), signature: cosignatureBytes(seconds, own) };
    expect(isSignedBy({ text, signatures: [line] }, witness, verifyEd25519)).toBe(true);
    const late = { ...line, signature: cosignatureBytes(seconds + 1, own) };
    expect(isSignedBy({ text, signatures: [late] }, witness, verifyEd25519)).toBe(false);
    const plain = { ...line, signature: sign(null, toUtf8(text), privateKey) };
    expect(isSignedBy({ text, signatures: [plain] }, witness, verifyEd25519)).toBe(false);
  });
});
