import { canonicalJson, sha256Hex } from '@allostat/kernel';
import { scoreAgainstTruth, type Backfill } from '@allostat/pipeline';
import type { LineObserver } from './line-observer';
import type { Source } from './source';

/** What a run of the line came to. */
export interface Summary {
  readonly bars: number;
  readonly holidays: number;
  readonly assessments: number;
  readonly regimeChanges: number;
  readonly proposals: number;
  readonly infeasible: number;
  readonly approvals: number;
  readonly instructions: number;
  readonly quarantined: number;
  readonly deadLetters: number;
  readonly auditSize: number;
  readonly auditRoot: string;
  /** Hash of all proposed weights, in order: equal runs have equal hashes. */
  readonly weightsHash: string;
  readonly seconds: number;
  readonly truth?: {
    readonly delayDaysMedian?: number;
    readonly falseAlarmsPerYear: number;
    readonly balancedAccuracy: number;
  };
}

export function summarise(facts: {
  readonly observer: LineObserver;
  readonly source: Source;
  readonly history: Backfill;
  readonly deadLetters: number;
  readonly audit: { readonly size: number; readonly root: string };
  readonly seconds: number;
}): Summary {
  const { observer, source, history, audit } = facts;
  const assessed = [...observer.of('RegimeAssessed')].sort((a, b) => (a.asOf < b.asOf ? -1 : 1));
  const proposals = [...observer.of('AllocationProposed')].sort((a, b) => (a.asOf < b.asOf ? -1 : 1));
  const released = observer.of('AllocationReleased');
  const quarantined = observer.of('ObservationQuarantined');
  return {
    bars: observer.of('SignalSnapshotPublished').length,
    holidays: quarantined.filter(({ rule }) => rule === 'repeated-row').length,
    assessments: assessed.length,
    regimeChanges: observer.of('RegimeChanged').length,
    proposals: proposals.length,
    infeasible: observer.of('AllocationInfeasible').length,
    approvals: released.reduce((sum, { approvals }) => sum + approvals.length, 0),
    instructions: released.length,
    quarantined: quarantined.length,
    deadLetters: facts.deadLetters,
    auditSize: audit.size,
    auditRoot: audit.root,
    weightsHash: sha256Hex(
      canonicalJson(
        proposals.map(({ mandateId, asOf, weights }) => ({
          mandateId,
          asOf,
          weights: weights.map(({ instrument, targetWeight }) => [instrument, targetWeight]),
        })),
      ),
    ),
    seconds: facts.seconds,
    ...(source.truth && { truth: truthOf([...history.assessed, ...assessed], source.truth) }),
  };
}

function truthOf(...args: Parameters<typeof scoreAgainstTruth>): NonNullable<Summary['truth']> {
  const { delayDaysMedian, falseAlarmsPerYear, balancedAccuracy } = scoreAgainstTruth(...args);
  return { ...(delayDaysMedian !== undefined && { delayDaysMedian }), falseAlarmsPerYear, balancedAccuracy };
}
