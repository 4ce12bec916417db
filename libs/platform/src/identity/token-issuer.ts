import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT, type JSONWebKeySet } from 'jose';

type SigningKey = Awaited<ReturnType<typeof generateKeyPair>>['privateKey'];

const LIFETIME_SECONDS = 900;

/** Issues tokens for local accounts: the one-process edition's own identity provider, with a key that lives as long as it. */
export class TokenIssuer {
  private constructor(
    readonly issuer: string,
    readonly audience: string,
    /** Public keys that its tokens can be checked with. */
    readonly keys: JSONWebKeySet,
    private readonly key: SigningKey,
    private readonly keyId: string,
    private readonly now: () => Date,
  ) {}

  static async create(options: {
    readonly issuer: string;
    readonly audience: string;
    readonly now: () => Date;
  }): Promise<TokenIssuer> {
    const { privateKey, publicKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519' });
    const keyId = randomUUID();
    const keys = { keys: [{ ...(await exportJWK(publicKey)), kid: keyId, alg: 'EdDSA', use: 'sig' }] };
    return new TokenIssuer(options.issuer, options.audience, keys, privateKey, keyId, options.now);
  }

  /** A token that says who somebody is for a quarter of an hour. */
  issue(subject: string): Promise<string> {
    const at = Math.floor(this.now().getTime() / 1000);
    return new SignJWT({})
      .setProtectedHeader({ alg: 'EdDSA', kid: this.keyId, typ: 'JWT' })
      .setSubject(subject)
      .setIssuer(this.issuer)
      .setAudience(this.audience)
      .setIssuedAt(at)
      .setExpirationTime(at + LIFETIME_SECONDS)
      .setJti(randomUUID())
      .sign(this.key);
  }
}
