import { AllostatError } from '@allostat/kernel';

/** Somebody who sends requests, as a service knows them. */
export interface Caller {
  readonly id: string;
  readonly roles: readonly string[];
}

/** Tells who sent a request, by its `Authorization` header; throws an `AllostatError` with `status` 401 for a stranger. */
export interface Authenticator {
  authenticate(authorization: string | undefined): Caller;
}

/** Injection token of the `Authenticator` of a stage. */
export const AUTHENTICATOR = Symbol('authenticator');

/** Thrown when a request carries no valid token (401), or its sender lacks the role (403). */
export class RequestRefusedError extends AllostatError {
  constructor(
    readonly status: 401 | 403,
    message: string,
    hint: string,
  ) {
    super(status === 401 ? 'HTTP.NOT_AUTHENTICATED' : 'HTTP.NOT_AUTHORIZED', message, hint);
  }
}

/** The sender of a request, who must have one of `roles`. */
export function callerWith(
  authenticator: Authenticator,
  authorization: string | undefined,
  roles: readonly string[],
): Caller {
  const caller = authenticator.authenticate(authorization);
  if (caller.roles.some((role) => roles.includes(role))) return caller;
  throw new RequestRefusedError(
    403,
    `${caller.id} has the roles ${caller.roles.join(', ')}; one of ${roles.join(', ')} is needed`,
    'ask somebody who has the role',
  );
}
