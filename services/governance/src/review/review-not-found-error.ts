import { AllostatError } from '@allostat/kernel';

/** Thrown when no review has the given proposal id. */
export class ReviewNotFoundError extends AllostatError {
  readonly status = 404;

  constructor(readonly proposalId: string) {
    super(
      'GOVERNANCE.REVIEW_NOT_FOUND',
      `no proposal has the id ${proposalId}`,
      'list them with `allostat review list`',
    );
  }
}
