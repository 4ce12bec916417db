import { NotAllowedError } from './not-allowed-error';
import type { People } from './people';
import type { Person } from './people-file';
import { TokenIssuer } from './token-issuer';
import { TokenRefusedError, TokenVerifier, type TokenTrust } from './token-verifier';

/** A person who has proved who he is, and how. */
export interface Principal extends Person {
  readonly authentication: string;
}

/** Whom a token must be meant for, unless a deployment says otherwise. */
export const AUDIENCE = 'allostat';
const OWN_ISSUER = 'allostat:local-accounts';
const TOKEN_SHAPE = /^Bearer ([\w-]+\.[\w-]+\.[\w-]*)$/;

export interface AuthenticatorOptions {
  readonly people: People;
  /** The identity provider; without one only local accounts can sign in. */
  readonly provider?: TokenTrust;
  /** Whether local accounts can sign in; default true without a provider, else false but for the kill switch. */
  readonly localAccounts?: boolean;
}

/**
 * Tells who calls. Local accounts get a token from the built-in issuer, and it is checked as a provider's would be:
 * there is one way in. A local account is also the way to the kill switch while the provider is down.
 */
export class Authenticator {
  private constructor(
    private readonly options: AuthenticatorOptions,
    readonly issuer: TokenIssuer,
    private readonly own: TokenVerifier,
    private readonly provider: TokenVerifier | undefined,
  ) {}

  static async create(options: AuthenticatorOptions): Promise<Authenticator> {
    const now = (): Date => new Date();
    const issuer = await TokenIssuer.create({ issuer: OWN_ISSUER, audience: AUDIENCE, now });
    const own = new TokenVerifier({ issuer: OWN_ISSUER, audience: AUDIENCE, keys: issuer.keys }, now);
    const provider = options.provider && new TokenVerifier(options.provider, now);
    return new Authenticator(options, issuer, own, provider);
  }

  /** A token of the built-in issuer for the local account whose secret the header carries. */
  exchange(authorization: string | undefined): Promise<string> {
    return this.issuer.issue(this.options.people.authenticate(authorization).id);
  }

  /** The person who calls, from an `Authorization` header. `breakGlass`: a local account counts although there is a provider. */
  async principal(authorization: string | undefined, { breakGlass = false } = {}): Promise<Principal> {
    const token = TOKEN_SHAPE.exec(authorization ?? '')?.[1];
    const local = this.provider === undefined || breakGlass || this.options.localAccounts === true;
    if (token !== undefined) return this.fromToken(token, local);
    if (!local) throw new NotAllowedError(401, 'local accounts are closed', 'sign in with the identity provider');
    return this.fromToken(await this.exchange(authorization), true);
  }

  private async fromToken(token: string, local: boolean): Promise<Principal> {
    const own = issuerOf(token) === OWN_ISSUER;
    const verifier = own ? (local ? this.own : undefined) : this.provider;
    if (!verifier) throw new NotAllowedError(401, 'the issuer of the token is not trusted', 'sign in again');
    const { sub, iss } = await verifier.verify(token).catch((error: unknown) => {
      if (error instanceof TokenRefusedError) throw new NotAllowedError(401, error.message, 'sign in again');
      throw error;
    });
    const person = this.options.people.bySubject(sub);
    if (!person) throw new NotAllowedError(403, `${sub} is nobody that is known here`, 'ask an operator to add you');
    return { ...person, authentication: own ? 'local-account' : `oidc:${iss}` };
  }
}

/** Issuer that a token claims, unchecked: it only chooses who checks it. */
function issuerOf(token: string): unknown {
  try {
    return (JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString('utf8')) as { iss?: unknown }).iss;
  } catch {
    return undefined;
  }
}
