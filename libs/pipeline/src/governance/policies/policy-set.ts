import { canonicalJson, invariant, sha256Hex } from '@allostat/kernel';
import type { DecisionRecord } from './decision-record';
import { POLICIES } from './policies';
import type { PolicyVerdict } from './policy';

/** Limits of the policies. A policy without its limit does not apply; with it, what is not known fails. */
export interface PolicyLimits {
  /** One-way, fraction of assets. */
  readonly turnoverMax?: number;
  /** Sum of squared weights of what is not cash. */
  readonly herfindahlMax?: number;
  /** Expected volatility as a multiple of the target. */
  readonly volatilityRatioMax?: number;
  readonly drawdownBudgetUsedMax?: number;
  readonly cvar95Max?: number;
  readonly daysToTradeMax?: number;
  readonly dataAgeDaysMax?: number;
  readonly modelAgeDaysMax?: number;
  readonly regimeProbabilityMin?: number;
  readonly primalResidualMax?: number;
  /** Instruments of which nothing may be bought. */
  readonly restricted?: readonly string[];
  readonly releasesPerDayMax?: number;
  /** Value that a pilot may trade in one release, in the mandate's currency. */
  readonly pilotTradedValueMax?: number;
  /** Largest difference between a weight that people saw and the weight that is held. */
  readonly holdingsDriftMax?: number;
}

/** A version of the limits, approved like any other change. */
export interface PolicySet {
  readonly id: string;
  readonly version: number;
  readonly limits: PolicyLimits;
  readonly caps?: readonly SharedCap[];
}

/** A cap on what several mandates may trade together in a day. Approving reserves it, releasing uses it. */
export interface SharedCap {
  readonly id: string;
  readonly tradedValueMaxPerDay: number;
  /** Mandates under it; absent for all. */
  readonly mandates?: readonly string[];
}

/** What holds until a committee approves something else. */
export const DEFAULT_POLICY_SET: PolicySet = {
  id: 'default',
  version: 1,
  limits: {
    turnoverMax: 1,
    herfindahlMax: 1,
    volatilityRatioMax: 2,
    dataAgeDaysMax: 10,
    primalResidualMax: 1e-6,
    restricted: [],
    releasesPerDayMax: 10,
    holdingsDriftMax: 0.02,
  },
};

export interface PolicyReport {
  readonly policySet: string;
  readonly recordHash: string;
  readonly verdict: 'pass' | 'fail';
  readonly verdicts: readonly PolicyVerdict[];
}

/** Name of a policy set's version as records carry it. */
export function policySetName({ id, version }: PolicySet): string {
  return `${id}@${version}`;
}

/** Runs every policy on a decision record, under today's set or any other. */
export function runPolicies(record: DecisionRecord, set: PolicySet): PolicyReport {
  invariant(POLICIES.length > 0, 'there must be policies to run');
  const verdicts = POLICIES.map((policy) => policy.evaluate(record, set.limits));
  return {
    policySet: policySetName(set),
    recordHash: sha256Hex(canonicalJson(record)),
    verdict: verdicts.some(({ verdict }) => verdict === 'fail') ? 'fail' : 'pass',
    verdicts,
  };
}
