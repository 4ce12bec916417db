import type { Instant } from '@allostat/kernel';
import type { Mandate } from '../mandate/mandate';
import type { AllocationProposed } from '../optimization/events';
import type { ReviewDecision } from './events';

interface ReviewBase {
  readonly proposal: AllocationProposed;
  readonly contentHash: string;
  readonly maker: string;
  readonly openedAt: Instant;
  readonly expiresAt: Instant;
  readonly requiredApprovals: number;
  readonly decisions: readonly ReviewDecision[];
}

/** A review, by what has become of it. `released` ends as the order system answers. */
export type Review =
  | (ReviewBase & { readonly status: 'waiting' })
  | (ReviewBase & { readonly status: 'rejected' | 'expired' | 'superseded' })
  | (ReviewBase & {
      readonly status: 'released' | 'acknowledged' | 'refused-by-order-system' | 'completed';
      readonly instructionId: string;
      readonly instructionSequence: number;
    });

/** What governance remembers of one mandate. */
export interface GovernanceState {
  readonly mandate?: Mandate;
  /** The review that waits, or the last one that ended. */
  readonly review?: Review;
  /** Sequence of the last instruction; instructions count from 1. */
  readonly lastSequence: number;
  /** Latest business time seen: time in the log never runs backwards. */
  readonly latest?: Instant;
}

export function initialGovernanceState(): GovernanceState {
  return { lastSequence: 0 };
}
