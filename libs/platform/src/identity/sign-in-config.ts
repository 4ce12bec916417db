import { z } from 'zod';
import { InputError } from '@allostat/kernel';
import { AUDIENCE } from './authenticator';
import { People } from './people';
import type { SignInOptions } from './sign-in';

/** What a service with routes reads from its environment on top of `SERVICE_CONFIG`. */
export const SIGN_IN_CONFIG = z.object({
  /** Those who may call, as JSON; without it nobody may. */
  PEOPLE_FILE: z.string().min(1).optional(),
  /** The identity provider, with the address of its keys; without them people sign in with local accounts. */
  OIDC_ISSUER: z.url().optional(),
  OIDC_KEYS_URL: z.url().optional(),
  OIDC_AUDIENCE: z.string().min(1).default(AUDIENCE),
});

/** Who may call, from the environment. Throws `InputError` for a provider that is named by half, or a bad people file. */
export function signInFrom(config: z.infer<typeof SIGN_IN_CONFIG>): SignInOptions {
  const { OIDC_ISSUER: issuer, OIDC_KEYS_URL: keys, OIDC_AUDIENCE: audience } = config;
  const people = People.fromFile(config.PEOPLE_FILE);
  if (issuer === undefined && keys === undefined) return { people };
  if (issuer !== undefined && keys !== undefined)
    return { people, provider: { issuer, audience, keys: new URL(keys) } };
  const field = issuer === undefined ? 'OIDC_ISSUER' : 'OIDC_KEYS_URL';
  throw new InputError(`${field} is missing`, { field }, 'set both OIDC_ISSUER and OIDC_KEYS_URL, or neither');
}
