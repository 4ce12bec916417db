import { AllostatError } from '@allostat/kernel';

/** Thrown when a request carries no valid token, or a person's roles do not allow what was asked. */
export class NotAllowedError extends AllostatError {
  constructor(
    readonly status: 401 | 403,
    message: string,
    hint: string,
  ) {
    super(status === 401 ? 'IDENTITY.NOT_AUTHENTICATED' : 'IDENTITY.NOT_AUTHORIZED', message, hint);
  }
}
