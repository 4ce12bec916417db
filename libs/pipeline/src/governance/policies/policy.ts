import type { DecisionRecord } from './decision-record';
import type { PolicyLimits } from './policy-set';

/** What a policy found: the value it looked at, what it may be, and why the verdict is what it is. */
export interface PolicyVerdict {
  readonly policy: string;
  readonly verdict: 'pass' | 'fail' | 'not-applicable';
  readonly observed?: number | string;
  readonly limit?: number | string;
  readonly reason: string;
}

/** A rule on a decision. Pure: the same record under the same limits gives the same verdict for ever. */
export interface Policy {
  readonly id: string;
  evaluate(record: DecisionRecord, limits: PolicyLimits): PolicyVerdict;
}

interface Measured {
  readonly observed: number | undefined;
  readonly limit: number | undefined;
  /** What is measured, in words that begin a sentence. */
  readonly what: string;
}

/** Verdict of a value with a highest allowed one. No limit: not applicable. A limit and no value, or NaN: fails. */
export function atMost(policy: string, { observed, limit, what }: Measured): PolicyVerdict {
  return compared(policy, { observed, limit, what }, (value, most) => value <= most, 'at most');
}

/** Verdict of a value with a lowest allowed one. */
export function atLeast(policy: string, { observed, limit, what }: Measured): PolicyVerdict {
  return compared(policy, { observed, limit, what }, (value, least) => value >= least, 'at least');
}

function compared(
  policy: string,
  { observed, limit, what }: Measured,
  holds: (value: number, limit: number) => boolean,
  words: string,
): PolicyVerdict {
  if (limit === undefined) return notApplicable(policy, 'the policy set has no limit for it');
  if (observed === undefined || !Number.isFinite(observed)) return unknown(policy, what, limit);
  const verdict = holds(observed, limit) ? 'pass' : 'fail';
  return { policy, verdict, observed, limit, reason: `${what} is ${observed}, allowed is ${words} ${limit}` };
}

export function notApplicable(policy: string, reason: string): PolicyVerdict {
  return { policy, verdict: 'not-applicable', reason };
}

/** What is not known cannot be within a limit. */
export function unknown(policy: string, what: string, limit: number | string): PolicyVerdict {
  return { policy, verdict: 'fail', limit, reason: `${what} is not known` };
}

/** Verdict from a list of faults: the first few are named. */
export function faultless(policy: string, faults: readonly string[], limit: string): PolicyVerdict {
  if (faults.length === 0) return { policy, verdict: 'pass', observed: 0, limit, reason: `no breach of: ${limit}` };
  return { policy, verdict: 'fail', observed: faults.length, limit, reason: faults.slice(0, 3).join('; ') };
}
