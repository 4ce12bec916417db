import { invariant, type Instant } from '@allostat/kernel';

/** What a decision is for; the same exposure weighs more where real money moves. */
export type Purpose = 'shadow' | 'pilot' | 'production';

export const TIERS = ['routine', 'standard', 'high', 'critical'] as const;
export type Tier = (typeof TIERS)[number];

/** What a tier asks for beyond the mandate's own number of approvals. */
export interface TierRule {
  readonly approvals: number;
  /** Roles that must be among the approvers, each by a different person. */
  readonly functions: readonly string[];
  /** Statements that each approver must answer with yes. */
  readonly questions: readonly string[];
  /** Whether somebody must have challenged, and been answered, before it can be approved. */
  readonly challenge: boolean;
  /** Hours of waiting after which the next people are told. */
  readonly escalateAfterHours: number;
}

/** Exposure from which on a band counts, as a fraction of assets; below the first it is small. */
const BANDS: readonly number[] = [0.1, 0.5];
const WEIGHT: Readonly<Record<Purpose, number>> = { shadow: 1, pilot: 2, production: 3 };

/** Days over which small changes add up. */
export const ACCUMULATION_DAYS = 30;

export const TIER_RULES: Readonly<Record<Tier, TierRule>> = {
  routine: { approvals: 1, functions: [], questions: [], challenge: false, escalateAfterHours: 48 },
  standard: { approvals: 2, functions: [], questions: [], challenge: false, escalateAfterHours: 24 },
  high: {
    approvals: 2,
    functions: ['portfolio-manager', 'risk'],
    questions: ['limits-read', 'rationale-read'],
    challenge: false,
    escalateAfterHours: 12,
  },
  critical: {
    approvals: 3,
    functions: ['portfolio-manager', 'risk', 'committee'],
    questions: ['limits-read', 'rationale-read', 'alternatives-considered'],
    challenge: true,
    escalateAfterHours: 4,
  },
};

/** A change that counts towards the exposure of later ones. */
export interface Exposure {
  readonly at: Instant;
  /** Fraction of assets that the change moved. */
  readonly amount: number;
}

/** Exposure of a change together with those of the window before it. */
export function accumulatedExposure(amount: number, earlier: readonly Exposure[], now: Instant): number {
  invariant(amount >= 0, () => `an exposure must be at least 0, got ${amount}`);
  const start = Date.parse(now) - ACCUMULATION_DAYS * 86_400_000;
  return earlier.reduce((sum, past) => (Date.parse(past.at) > start ? sum + past.amount : sum), amount);
}

/** Room for rounding of sums: two steps of five percent are ten percent. */
const ROUNDING = 1e-9;

/** Tier of a change: band of its exposure (1 to 3) times weight of its purpose (1 to 3). */
export function tierOf(exposure: number, purpose: Purpose): Tier {
  const score = (1 + BANDS.filter((from) => exposure >= from - ROUNDING).length) * WEIGHT[purpose];
  if (score >= 9) return 'critical';
  if (score >= 6) return 'high';
  return score >= 3 ? 'standard' : 'routine';
}
