import type { Principal } from '@allostat/platform';
import { ReviewNotFoundError } from '../review/review-not-found-error';

/** Whether a person may see and act on a mandate. */
export function maySee({ mandates }: Pick<Principal, 'mandates'>, mandateId: string): boolean {
  return mandates === undefined || mandates.includes(mandateId);
}

/** Answers as if there were nothing of that id: whoever may not see it shall not learn that it is there. */
export function requireSight(caller: Principal, mandateId: string, id: string): void {
  if (!maySee(caller, mandateId)) throw new ReviewNotFoundError(id);
}
