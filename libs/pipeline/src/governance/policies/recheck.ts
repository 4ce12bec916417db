import { invariant } from '@allostat/kernel';
import type { DecisionRecord } from './decision-record';
import type { PolicyVerdict } from './policy';
import { runPolicies, type PolicyReport, type PolicySet } from './policy-set';

/** A policy whose verdict is another under another set. */
export interface VerdictChange {
  readonly policy: string;
  readonly then: PolicyVerdict;
  readonly now: PolicyVerdict;
}

/** A decision as it was judged, and as another policy set judges it. */
export interface Recheck {
  readonly then: PolicyReport;
  readonly now: PolicyReport;
  /** Policies that say something else, in the order of the policies. */
  readonly changes: readonly VerdictChange[];
}

/**
 * Runs the policies again on the record that a release was judged by, under an older, newer or only thought of set. Throws
 * `InvariantError` when the record is not the one that was judged.
 */
export function recheck(record: DecisionRecord, then: PolicyReport, set: PolicySet): Recheck {
  const now = runPolicies(record, set);
  invariant(now.recordHash === then.recordHash, 'the record is the one that was judged');
  const before = new Map(then.verdicts.map((verdict) => [verdict.policy, verdict]));
  const changes = now.verdicts.flatMap((verdict) => {
    const old = before.get(verdict.policy);
    return old === undefined || old.verdict === verdict.verdict
      ? []
      : [{ policy: verdict.policy, then: old, now: verdict }];
  });
  return { then, now, changes };
}
