import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { InputError } from '@allostat/kernel';

/** An Ed25519 key that signs; the private half never leaves it. */
export class SigningKey {
  private constructor(private readonly key: KeyObject) {}

  /** Reads a PEM file (PKCS #8). Throws `InputError` when it holds no Ed25519 key. */
  static fromFile(file: string): SigningKey {
    return SigningKey.fromPem(readFileSync(file, 'utf8'), file);
  }

  static fromPem(pem: string, file = 'the key'): SigningKey {
    let key: KeyObject | undefined;
    try {
      key = createPrivateKey(pem);
    } catch {
      key = undefined;
    }
    if (key?.asymmetricKeyType !== 'ed25519') {
      throw new InputError(
        `${file} holds no Ed25519 private key`,
        { file },
        'make one with `openssl genpkey -algorithm ed25519`',
      );
    }
    return new SigningKey(key);
  }

  /** Reads the file, or makes a new key and writes it, readable by its owner alone. */
  static ensureFile(file: string): SigningKey {
    if (!existsSync(file)) {
      const { privateKey } = generateKeyPairSync('ed25519');
      writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    }
    return SigningKey.fromFile(file);
  }

  /** The 32 bytes of the public key. */
  get publicKey(): Uint8Array {
    return Buffer.from(createPublicKey(this.key).export({ format: 'jwk' }).x as string, 'base64url');
  }

  sign(message: Uint8Array): Uint8Array {
    return sign(null, message, this.key);
  }
}

/** Whether an Ed25519 signature is good; a public key that is none counts as bad. */
export function verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    const x = Buffer.from(publicKey).toString('base64url');
    return verify(null, message, createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' }), signature);
  } catch {
    return false;
  }
}
