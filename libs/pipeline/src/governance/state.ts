import type { Instant, IsoDate } from '@allostat/kernel';
import type { Mandate } from '../mandate/mandate';
import type { AllocationProposed } from '../optimization/events';
import type { Exposure } from './review/materiality';
import type { ReviewCore } from './review/review-core';
import type { ReviewStatus } from './review/review-status';

interface ReviewBase extends ReviewCore {
  readonly proposal: AllocationProposed;
}

type ReleasedStatus = 'released' | 'acknowledged' | 'refused-by-order-system' | 'completed';

/** A review of a proposal, by what has become of it. One that was released ends as the order system answers. */
export type Review =
  | (ReviewBase & { readonly status: Exclude<ReviewStatus, ReleasedStatus> })
  | (ReviewBase & {
      readonly status: ReleasedStatus;
      readonly instructionId: string;
      readonly instructionSequence: number;
    });

/** What the order system last said is held. */
export interface ReportedHoldings {
  readonly asOf: IsoDate;
  readonly lines: readonly { readonly instrument: string; readonly weight: number; readonly price: number }[];
}

/** What governance remembers of one mandate. */
export interface GovernanceState {
  readonly mandate?: Mandate;
  /** The review that waits, or the last one that ended. */
  readonly review?: Review;
  /** Sequence of the last instruction; instructions count from 1. */
  readonly lastSequence: number;
  /** Instruction that the order system has not finished. */
  readonly atWork?: string;
  /** Latest business time seen: time in the log never runs backwards. */
  readonly latest?: Instant;
  /** Releases of the last weeks: small changes add up, and releases are counted. */
  readonly exposures: readonly Exposure[];
  /** Reports of holdings, the last two, latest last. */
  readonly holdings: readonly ReportedHoldings[];
}

export function initialGovernanceState(): GovernanceState {
  return { lastSequence: 0, exposures: [], holdings: [] };
}
