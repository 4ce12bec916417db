import { createLocalJWKSet, createRemoteJWKSet, errors, jwtVerify, type JSONWebKeySet, type JWTPayload } from 'jose';
import { AllostatError } from '@allostat/kernel';

/** Algorithms that a token may be signed with: asymmetric ones only, so that a public key can never sign. */
export const TOKEN_ALGORITHMS = ['EdDSA', 'ES256', 'RS256', 'PS256'] as const;

/** Whose tokens are trusted, and for whom they must be meant. */
export interface TokenTrust {
  readonly issuer: string;
  readonly audience: string;
  /** The issuer's keys: their address, or the keys themselves. */
  readonly keys: URL | JSONWebKeySet;
  /** Difference between clocks that is forgiven, in seconds; default 30. */
  readonly clockToleranceSeconds?: number;
}

/** Thrown when a token is not one that can be believed. Says which check failed, never what the token holds. */
export class TokenRefusedError extends AllostatError {
  constructor(reason: string, options?: ErrorOptions) {
    super('IDENTITY.TOKEN_REFUSED', `the token is refused: ${reason}`, 'sign in again', options);
  }
}

/** Checks tokens of one issuer by OpenID Connect's rules. */
export class TokenVerifier {
  private readonly keys: ReturnType<typeof createLocalJWKSet> | ReturnType<typeof createRemoteJWKSet>;

  constructor(
    private readonly trust: TokenTrust,
    private readonly now: () => Date,
  ) {
    this.keys =
      trust.keys instanceof URL
        ? createRemoteJWKSet(trust.keys, { timeoutDuration: 2000, cooldownDuration: 30_000 })
        : createLocalJWKSet(trust.keys);
  }

  /**
   * The claims of a token whose signature, issuer, audience, times and key id hold. A key is only ever taken from the
   * issuer's set: what a token says of its own key (`jwk`, `jku`, `x5u`, `x5c`) is not looked at, and a token that
   * carries it is refused. Throws `TokenRefusedError`.
   */
  async verify(token: string): Promise<JWTPayload & { readonly sub: string }> {
    const { issuer, audience, clockToleranceSeconds = 30 } = this.trust;
    try {
      const { payload, protectedHeader } = await jwtVerify(token, this.keys, {
        issuer,
        audience,
        algorithms: [...TOKEN_ALGORITHMS],
        clockTolerance: clockToleranceSeconds,
        currentDate: this.now(),
        requiredClaims: ['sub', 'iat', 'exp'],
      });
      const own = ['jwk', 'jku', 'x5u', 'x5c'].filter((name) => name in protectedHeader);
      if (own.length > 0) throw new TokenRefusedError(`it brings its own key (${own.join(', ')})`);
      if (protectedHeader.kid === undefined) throw new TokenRefusedError('it names no key');
      if (typeof payload.sub !== 'string' || payload.sub === '') throw new TokenRefusedError('it names nobody');
      const latest = this.now().getTime() / 1000 + clockToleranceSeconds;
      if (typeof payload.iat !== 'number' || payload.iat > latest) {
        throw new TokenRefusedError('it was issued in the future');
      }
      return { ...payload, sub: payload.sub };
    } catch (error) {
      if (error instanceof TokenRefusedError) throw error;
      const reason = error instanceof errors.JOSEError ? error.code : 'it cannot be read';
      throw new TokenRefusedError(reason, { cause: error });
    }
  }
}
