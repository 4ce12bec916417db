import type { GroupLimit, WeightRange } from '../allocation/weight-limits';
import type { AssetMatrix } from '../linalg/asset-matrix';
import type { FactorCovariance } from '../linalg/factor-covariance';
import type { ReturnPanel } from '../linalg/return-panel';
import type { TaxLot } from './tax-lots';

/** Everything that can be weighed against everything else. All but the first are costs or risks; more is worse. */
export const objectiveTerms = [
  'expectedReturn',
  'variance',
  'volatility',
  'cvar',
  'cdar',
  'maximumDrawdown',
  'averageDrawdown',
  'meanAbsoluteDeviation',
  'shortfall',
  'trackingVariance',
  'trackingError',
  'distance',
  'squaredDistance',
  'tradingCost',
  'tax',
  'borrowCost',
] as const;
export type ObjectiveTerm = (typeof objectiveTerms)[number];

/** Weight (>= 0) of each term; the program maximises expected return and minimises the rest. */
export type Objective = Readonly<Partial<Record<ObjectiveTerm, number>>>;

/** Hard limits. Weights are decimals; returns and risks are per scenario period. */
export interface PortfolioLimits {
  /** For assets without a range of their own; min 0 and max 1 when left out. A min below 0 allows short positions. */
  readonly default?: WeightRange;
  readonly byAsset?: Readonly<Record<string, WeightRange>>;
  readonly groups?: readonly GroupLimit[];
  /** Relations in words over asset and group names: `"Equity <= 0.5 * Bond"`, `"A + 2 B >= 0.1"`. */
  readonly linear?: readonly string[];
  /** Sum of weights; default 1. */
  readonly budget?: number;
  readonly minExpectedReturn?: number;
  readonly maxVolatility?: number;
  readonly maxCvar?: number;
  readonly maxCdar?: number;
  readonly maxMaximumDrawdown?: number;
  readonly maxAverageDrawdown?: number;
  readonly maxMeanAbsoluteDeviation?: number;
  readonly maxShortfall?: number;
  readonly maxTrackingError?: number;
  /** Half the sum of absolute differences to the reference. */
  readonly maxActiveShare?: number;
  /** One-way: half the sum of absolute trades. */
  readonly maxTurnover?: number;
  /** Largest trade of one asset, as a weight. */
  readonly maxTrade?: number;
  /** Largest trade as a share of average daily value (see `PortfolioProblem.liquidity`). */
  readonly maxParticipation?: number;
  /** Sum of absolute weights, and of short weights. */
  readonly maxLeverage?: number;
  readonly maxShort?: number;
  /** Least return that may be missed only with this probability; met by CVaR, which is on the safe side. */
  readonly floor?: { readonly return: number; readonly probability: number };
  /** Number of assets held at most, and least weight of those that are held; need the mixed-integer solver. */
  readonly cardinality?: number;
  readonly threshold?: number;
}

export interface TradingCosts {
  /** Cost per unit of weight traded, decimals (0.0005 is five basis points): one number, or one an asset. */
  readonly linear?: number | Float64Array;
  /** Coefficient k of k |trade|^1.5 (market impact by the 3/2 power): one an asset. */
  readonly impact?: Float64Array;
}

/** One allocation problem. Arrays follow `assets`. */
export interface PortfolioProblem {
  readonly assets: readonly string[];
  /** Scenarios: needed by CVaR, drawdowns, mean absolute deviation, shortfall and floor. */
  readonly returns?: ReturnPanel;
  /** Probabilities of the scenarios (not for drawdowns, whose order is time); equal when left out. */
  readonly scenarioWeights?: Float64Array;
  /** Per period; the scenarios' mean when left out. */
  readonly expectedReturns?: Float64Array;
  /** Per period; the scenarios' sample covariance when left out. */
  readonly covariance?: AssetMatrix;
  /** In its place: a covariance by factors. Problems without scenario risks are then solved without a matrix of n x n. */
  readonly factorCovariance?: FactorCovariance;
  readonly objective: Objective;
  readonly limits?: PortfolioLimits;
  readonly previousWeights?: Float64Array;
  /** Weights from which tracking and distance are measured. */
  readonly reference?: Float64Array;
  readonly costs?: TradingCosts;
  /** Cost of borrowing a unit of short weight per period. */
  readonly borrowCosts?: Float64Array;
  readonly tax?: {
    readonly lots: readonly TaxLot[];
    readonly shortTermRate: number;
    readonly longTermRate: number;
    readonly harvest?: readonly string[];
  };
  readonly liquidity?: { readonly averageDailyValue: Float64Array; readonly portfolioValue: number };
  /** Confidence of CVaR and CDaR; default 0.95. */
  readonly confidence?: { readonly cvar?: number; readonly cdar?: number };
  /** Return below which `shortfall` counts; default 0. */
  readonly shortfallTarget?: number;
}
