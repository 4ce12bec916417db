import type { Instant } from '@allostat/kernel';
import type { ReviewDecision } from '../events';
import type { Tier } from './materiality';
import type { Party } from './parties';
import type { ReviewStatus } from './review-status';

/** What must be there before a review counts as approved. */
export interface Requirement {
  readonly tier: Tier;
  readonly approvals: number;
  readonly functions: readonly string[];
  readonly questions: readonly string[];
  readonly challenge: boolean;
  readonly escalateAfterHours: number;
}

/** A structured doubt. While one is open nobody can approve. */
export interface Challenge {
  readonly id: string;
  readonly actor: string;
  readonly at: Instant;
  readonly topic: ChallengeTopic;
  readonly text: string;
  readonly answer?: { readonly actor: string; readonly at: Instant; readonly text: string };
}

export const CHALLENGE_TOPICS = ['data', 'model', 'risk', 'cost', 'liquidity', 'timing', 'other'] as const;
export type ChallengeTopic = (typeof CHALLENGE_TOPICS)[number];

/** What every review has, whatever it is about. */
export interface ReviewCore {
  readonly status: ReviewStatus;
  readonly contentHash: string;
  readonly maker: string;
  /** Everybody who had a hand in the content, the maker among them. */
  readonly parties: readonly Party[];
  readonly requirement: Requirement;
  readonly openedAt: Instant;
  readonly expiresAt: Instant;
  readonly decisions: readonly ReviewDecision[];
  readonly challenges: readonly Challenge[];
  readonly escalatedAt?: Instant;
}

/** How many approvals, and of which functions, are still missing. */
export function missingApprovals({ decisions, requirement }: Pick<ReviewCore, 'decisions' | 'requirement'>): {
  readonly count: number;
  readonly functions: readonly string[];
} {
  const approvals = decisions.filter(({ decision }) => decision === 'approve');
  const given = new Set(approvals.map((approval) => approval.function));
  const functions = requirement.functions.filter((wanted) => !given.has(wanted));
  return { count: Math.max(requirement.approvals - approvals.length, functions.length), functions };
}
