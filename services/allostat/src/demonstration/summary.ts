import { canonicalJson, sha256Hex, type IsoDate } from '@allostat/kernel';
import { scoreAgainstTruth, type Backfill } from '@allostat/pipeline';
import type { LineObserver } from './line-observer';
import type { Source } from './source';

/** What a run of the line came to. */
export interface Summary {
  readonly bars: number;
  readonly holidays: number;
  /** Bars with too few usable values for a snapshot: nothing was decided on them. */
  readonly refusedBars: number;
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
  /** Hash of the rule that each proposal says past decisions seem to follow, in order. */
  readonly surrogatesHash: string;
  /** SHA-256 over the bytes of all messages of a kind, in order. */
  readonly bytes: { readonly assessments: string; readonly proposals: string; readonly instructions: string };
  readonly seconds: number;
  /** Through the real line, the history before it not counted. */
  readonly barsPerSecond: number;
  readonly truth?: {
    readonly delayDaysMedian?: number;
    readonly falseAlarmsPerYear: number;
    readonly balancedAccuracy: number;
  };
}

export function summarise(facts: {
  readonly observer: LineObserver;
  readonly source: Source;
  /** Absent when the line went on from an earlier run. */
  readonly history: Backfill | undefined;
  /** First day of the replay; the log may still hold what was before. */
  readonly from: IsoDate | undefined;
  readonly deadLetters: number;
  readonly audit: { readonly size: number; readonly root: string };
  readonly seconds: number;
  readonly replaySeconds: number;
}): Summary {
  const { observer, source, history, from, audit } = facts;
  const mandates = new Set(source.mandates.map(({ id }) => id));
  const own = <T extends { readonly asOf: IsoDate; readonly universeId?: string; readonly mandateId?: string }>(
    events: readonly T[],
  ): T[] =>
    events
      .filter(({ asOf }) => from !== undefined && asOf >= from)
      .filter(({ universeId }) => universeId === undefined || universeId === source.universe.id)
      .filter(({ mandateId }) => mandateId === undefined || mandates.has(mandateId))
      .sort((a, b) => (a.asOf < b.asOf ? -1 : a.asOf > b.asOf ? 1 : 0));
  const assessed = own(observer.of('RegimeAssessed'));
  const proposals = own(observer.of('AllocationProposed'));
  const released = own(observer.of('AllocationReleased'));
  const quarantined = observer
    .of('ObservationQuarantined')
    .filter(({ observation }) => from !== undefined && observation.eventTime >= from);
  const bars = own(observer.of('SignalSnapshotPublished')).length;
  return {
    bars,
    holidays: quarantined.filter(({ rule }) => rule === 'repeated-row').length,
    refusedBars: own(observer.of('SnapshotRefused')).length,
    assessments: assessed.length,
    regimeChanges: own(observer.of('RegimeChanged')).length,
    proposals: proposals.length,
    infeasible: own(observer.of('AllocationInfeasible')).length,
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
    surrogatesHash: sha256Hex(
      canonicalJson(
        proposals.map(({ mandateId, asOf, surrogate }) => ({
          mandateId,
          asOf,
          ...(surrogate && { tree: surrogate.tree }),
        })),
      ),
    ),
    bytes: {
      assessments: observer.bytesHash('RegimeAssessed'),
      proposals: observer.bytesHash('AllocationProposed'),
      instructions: observer.bytesHash('AllocationReleased'),
    },
    seconds: facts.seconds,
    barsPerSecond: bars / facts.replaySeconds,
    ...(source.truth && { truth: truthOf([...(history?.assessed ?? []), ...assessed], source.truth) }),
  };
}

function truthOf(...args: Parameters<typeof scoreAgainstTruth>): NonNullable<Summary['truth']> {
  const { delayDaysMedian, falseAlarmsPerYear, balancedAccuracy } = scoreAgainstTruth(...args);
  return { ...(delayDaysMedian !== undefined && { delayDaysMedian }), falseAlarmsPerYear, balancedAccuracy };
}
