import { AllostatError } from '@allostat/kernel';

/** Thrown when a person's command is not allowed; nothing has changed. */
export class GovernanceRefusal extends AllostatError {
  constructor(
    code: `GOVERNANCE.${string}`,
    message: string,
    hint: string,
    readonly status: 403 | 404 | 409 | 422 = 409,
  ) {
    super(code, message, hint);
  }
}
