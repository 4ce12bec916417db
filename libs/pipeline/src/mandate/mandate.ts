import type { RegimeName } from '../regime-detection/events';
import type { TradingCalendar } from './trading-calendar';

/** Bounds on one instrument's weight, as fractions. */
export interface WeightBounds {
  readonly min: number;
  readonly max: number;
}

/** Instruments that share one part of the risk. */
export interface GroupBudget {
  readonly name: string;
  readonly instruments: readonly string[];
  /** Share of the risk of the core; budgets are scaled to sum to 1. */
  readonly budget: number;
}

/** What one solve may weigh against each other; all but the first are costs or risks. */
export const MANDATE_TERMS = [
  'expectedReturn',
  'variance',
  'volatility',
  'cvar',
  'cdar',
  'maximumDrawdown',
  'averageDrawdown',
  'shortfall',
  'trackingVariance',
  'squaredDistance',
  'tradingCost',
  'tax',
] as const;
export type MandateTerm = (typeof MANDATE_TERMS)[number];

/** Where expected returns come from: what would make the core optimal, moved by signals as far as they are trusted. */
export interface Views {
  /** Price of risk at which the core is optimal without signals. */
  readonly riskAversion: number;
  /** Correlation of a signal with what follows: a signal of one standard deviation is worth this many of the return's. */
  readonly informationCoefficient: number;
  /** Trust in a view, 0..1: 1 takes it as it is. */
  readonly confidence: number;
}

/** Hard limits on risk, each checked on the solution. */
export interface RiskLimits {
  /** Annual. */
  readonly maxVolatility?: number;
  /** Annual, against the target. */
  readonly maxTrackingError?: number;
  /** Of one bar. */
  readonly maxCvar?: number;
  /** Of the path of the scenarios. */
  readonly maxCdar?: number;
  readonly maxMaximumDrawdown?: number;
  /** Return of one bar that may be missed only with this probability. */
  readonly floor?: { readonly return: number; readonly probability: number };
}

/** Several objectives in one solve, around the target that core, exposure and tilt make. */
export interface LiveObjective {
  /** Weight of each term. Returns, variance and cost are those until the next regular decision; tails are of one bar. */
  readonly terms: Readonly<Partial<Record<MandateTerm, number>>>;
  readonly limits?: RiskLimits;
  readonly views: Views;
}

/** How the mandate's account trades: units, volumes and taxes. */
export interface Trading {
  /** Units that one lot has, by instrument; those without one trade in any amount. */
  readonly lots?: Readonly<Record<string, number>>;
  /** Money that changes hands in a day, by instrument, in the mandate's currency. */
  readonly averageDailyValue?: Readonly<Record<string, number>>;
  /** Part of a day's money that one decision may trade, where it is known. */
  readonly participationMax?: number;
  /** Impact k in k x daily volatility x trade x root(trade / daily money). */
  readonly impactCoefficient?: number;
  readonly taxes?: {
    readonly shortTermRate: number;
    readonly longTermRate: number;
    readonly longTermDays: number;
    /** Instruments whose losses may be realised; they are then not bought in the same decision. */
    readonly harvest?: readonly string[];
  };
}

/** How weights are made from a core: the anchor itself, or risk budgets by group. Needs a cash instrument. */
export interface Construction {
  readonly core: 'anchor' | 'group-budgets';
  /** With `group-budgets`: which instruments share which part of the risk. */
  readonly groups?: readonly GroupBudget[];
  /** Volatility target as a share of the core's own long-run volatility; left out, `risk.volatilityTarget` is meant. */
  readonly volatilityShare?: number;
  /** How far signals move a weight: at most this share of it, either way. 0 switches tilts off. */
  readonly tilt: number;
  /** False leaves drawdown out of the exposure. */
  readonly drawdownControl: boolean;
  /** Drawdown budget in long-run yearly volatilities of the core; left out, `risk.drawdownBudget` is meant. */
  readonly drawdownMultiple?: number;
  /** `regime`: group budgets see covariance by forecast regime in the place of the long-run one. Left out: the long run. */
  readonly covariance?: 'regime';
  /** Smallest relative change of the exposure that is followed; a smaller one leaves it as it was at the last decision. */
  readonly stepMin?: number;
  /** Share of the exposure that is kept in a stressed regime; left out, regimes do not cut. */
  readonly regimeCut?: number;
  /** Relative change of exposure that asks for a decision between the regular dates. */
  readonly band: number;
  /**
   * Price of risk at which a trade must pay for itself: the tracking variance to the target that it takes away, times half of
   * this, until the next regular decision, against its cost. Left out, trades are made whatever they gain.
   */
  readonly riskAversion?: number;
  /** Left out: the weights nearest to the target. */
  readonly objective?: LiveObjective;
}

/** Mean loss of the worst bars that the client accepts. */
export interface TailBudget {
  /** Conditional value at risk of one bar, as a fraction of value. */
  readonly cvar: number;
  /** 0.95 looks at the worst five percent. */
  readonly confidence: number;
}

/** Value that must be left at the end of each horizon. */
export interface PreservationFloor {
  /** Fraction of the value at the start of the horizon. */
  readonly floor: number;
  /** Bars after which the floor is set anew from the value then. */
  readonly horizonBars: number;
  /** How bad the tail is that the floor must survive: 0.95 is the mean of the worst five percent. */
  readonly confidence: number;
}

/** A portfolio with its universe, objectives, limits and pilot stage. All rates are decimals (0.05 is five percent). */
export interface Mandate {
  readonly id: string;
  readonly version: number;
  readonly name: string;
  readonly universeId: string;
  readonly currency: string;
  /** Assets under management at the start, in `currency`. */
  readonly notional: number;
  /** Strategic weights the client agreed to; the weights held before the first instruction. Sums to 1. */
  readonly anchorWeights: Readonly<Record<string, number>>;
  /** Left out: hierarchical risk parity over all instruments, scaled to the volatility target. */
  readonly construction?: Construction;
  /** Left out: every bar of the universe is a day on which the mandate decides and trades. */
  readonly calendar?: TradingCalendar;
  readonly rebalance: {
    /** A decision is due on the first open bar of each period. */
    readonly every: 'week' | 'month' | 'quarter';
    /** Also on the bar of a regime alert. */
    readonly onRegimeChange: boolean;
  };
  readonly risk: {
    /** Annualised volatility target. */
    readonly volatilityTarget: number;
    /** Multiplies the target in each regime, blended by the forecast probabilities. */
    readonly regimeScale: Readonly<Record<RegimeName, number>>;
    /** Loss from the peak that the client accepts, e.g. 0.12. */
    readonly drawdownBudget: number;
    /** With a construction: caps the exposure so that the tail of one bar stays within it. */
    readonly tailBudget?: TailBudget;
    /** With a construction: caps the exposure so that the value at the end of the horizon stays above it. */
    readonly preservation?: PreservationFloor;
  };
  readonly limits: {
    readonly default: WeightBounds;
    readonly byInstrument?: Readonly<Record<string, WeightBounds>>;
    readonly byAssetClass?: Readonly<Record<string, WeightBounds>>;
    /** Trades are made only when the one-way turnover is at least this. */
    readonly noTradeBand: number;
    /** One-way turnover of one proposal at most. */
    readonly maxTurnover?: number;
  };
  /** Left out: any amount may be traded, at linear cost and without tax. */
  readonly trading?: Trading;
  /** One-way cost in basis points where the instrument has none of its own. */
  readonly defaultCostBps: number;
  /** Instrument that takes what the volatility target leaves unused. */
  readonly cashInstrument?: string;
  readonly approvals: {
    /** How many different people must approve. */
    readonly required: number;
    /** Days until a waiting proposal expires. */
    readonly validityDays: number;
  };
  readonly stage: 'shadow' | 'pilot' | 'production';
}

export interface MandateVersioned {
  readonly type: 'MandateVersioned';
  readonly mandate: Mandate;
}

/** True when the mandate's budget or weights depend on risk by regime: its universe's risk model must then carry it. */
export function asksForRegimeRisk({ construction, risk }: Mandate): boolean {
  return (
    construction !== undefined &&
    (construction.covariance === 'regime' ||
      construction.objective !== undefined ||
      risk.tailBudget !== undefined ||
      risk.preservation !== undefined)
  );
}
