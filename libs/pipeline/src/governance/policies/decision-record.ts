import type { Instant, IsoDate } from '@allostat/kernel';
import type { Mandate } from '../../mandate/mandate';
import type { Certificate } from '../../optimization/events';
import type { Purpose } from '../review/materiality';

/** One line of the decision. Absent facts are unknown, not zero. */
export interface DecisionLine {
  readonly instrument: string;
  readonly assetClass?: string;
  readonly previousWeight: number;
  readonly targetWeight: number;
  readonly price?: number;
  /** What the order system says is held now, carried to the prices of the decision. */
  readonly heldWeight?: number;
}

/** An order as it would be sent: signed units, and what they are worth at the reference price. */
export interface DecisionOrder {
  readonly instrument: string;
  readonly quantity: number;
  readonly lotSize: number;
  readonly price: number;
}

/** All that policies look at, complete and frozen, so that any later policy set can be run on it again. */
export interface DecisionRecord {
  readonly proposalId: string;
  readonly contentHash: string;
  readonly asOf: IsoDate;
  /** When the release is attempted. */
  readonly at: Instant;
  readonly purpose: Purpose;
  readonly mandate: Mandate;
  readonly lines: readonly DecisionLine[];
  readonly orders: readonly DecisionOrder[];
  readonly expectedVolatility?: number;
  readonly volatilityTarget?: number;
  readonly certificate?: Certificate;
  /** Fraction of value lost in the worst 5 % of outcomes, positive. */
  readonly cvar95?: number;
  /** It is that of the risk model's scenarios, and else that of the normal law. */
  readonly cvar95FromScenarios?: boolean;
  /** Part of the drawdown budget that is used, 1 is all. */
  readonly drawdownBudgetUsed?: number;
  /** Days it takes to trade the whole change without moving prices. */
  readonly daysToTrade?: number;
  readonly modelAgeDays?: number;
  /** Probability of the regime that the decision follows. */
  readonly regimeProbability?: number;
  /** Instants of earlier releases for the mandate. */
  readonly releases: readonly Instant[];
  /** Builds of the service that are running. */
  readonly builds: readonly string[];
}
