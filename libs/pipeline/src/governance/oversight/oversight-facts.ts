import type { Instant } from '@allostat/kernel';
import type { DrillOutcome } from './drill';
import type { Fault } from './plant-fault';
import type { OverrideScore } from './score-override';

/** One person's decision on a proposal or a drill, with what was measured about it. */
export interface JudgedDecision {
  readonly person: string;
  readonly proposalId: string;
  readonly mandateId: string;
  readonly decision: 'approve' | 'reject';
  readonly at: Instant;
  /** When the review was opened. */
  readonly openedAt: Instant;
  /** Parts of the evidence that the person had been shown, with the first opening of each. */
  readonly viewed: readonly { readonly part: string; readonly openedAt: Instant }[];
  /** Statements that the person confirmed. */
  readonly confirmed: readonly string[];
  /** Seconds that reading the proposal takes. */
  readonly readingSeconds: number;
  readonly drill: boolean;
}

/** An objection that is no signature: a challenge or an override. */
export interface Objection {
  readonly person: string;
  readonly mandateId: string;
  readonly kind: 'challenge' | 'override';
  readonly at: Instant;
  readonly drill: boolean;
  /** Of an override: how it fared, once enough time has passed. */
  readonly score?: OverrideScore;
}

export interface DrillResult {
  readonly proposalId: string;
  readonly mandateId: string;
  readonly fault: Fault;
  readonly plantedAt: Instant;
  readonly outcome: DrillOutcome;
  /** Who objected, and who approved. */
  readonly caughtBy?: string;
  readonly approvedBy: readonly string[];
}

export interface OversightFacts {
  readonly decisions: readonly JudgedDecision[];
  readonly objections: readonly Objection[];
  readonly drills: readonly DrillResult[];
  /** Proposals whose reviews were opened, drills not counted. */
  readonly proposals: number;
}

/** Seconds from the first opening of evidence to the decision; undefined when nothing was opened before it. */
export function secondsToDecide({ viewed, at }: JudgedDecision): number | undefined {
  const openings = viewed.map(({ openedAt }) => openedAt).filter((openedAt) => openedAt <= at);
  if (openings.length === 0) return undefined;
  return secondsBetween(
    openings.reduce((a, b) => (a < b ? a : b)),
    at,
  );
}

export function secondsBetween(from: Instant, to: Instant): number {
  return (Date.parse(to) - Date.parse(from)) / 1000;
}
