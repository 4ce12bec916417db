import type { ArtefactHash, IsoDate } from '@allostat/kernel';
import type { Quote } from '../universe/foreign-level';
import type { FusedPart, RegimeName, RegimeProbabilities } from '../regime-detection/events';

/** Covariance of a universe, once per bar. The matrix itself is an artefact when large; small ones ride in the budget's cause. */
export interface RiskModelEstimated {
  readonly type: 'RiskModelEstimated';
  readonly universeId: string;
  readonly asOf: IsoDate;
  readonly bar: number;
  readonly assets: readonly string[];
  /** Annualised. */
  readonly volatilities: readonly number[];
  readonly averageCorrelation: number;
  readonly shrinkage: number;
  readonly volatilityHalfLifeBars: number;
  readonly correlationHalfLifeBars: number;
  /** Artefact with assets and the annualised covariance, row by row. */
  readonly covariance: ArtefactHash;
}

/** The assets of a universe group differently in a regime than was told before, or for the first time. */
export interface AssetClustersChanged {
  readonly type: 'AssetClustersChanged';
  readonly universeId: string;
  readonly asOf: IsoDate;
  readonly regime: RegimeName;
  /** Assets that move together in the regime. */
  readonly clusters: readonly (readonly string[])[];
  /** Assets that changed sides, with the company they left and the one they joined; none when told for the first time. */
  readonly moved: readonly { readonly id: string; readonly from: readonly string[]; readonly to: readonly string[] }[];
  /** Adjusted Rand index against the clusters that were told before; 1 when they are the first. */
  readonly agreement: number;
  /** Day on which the clusters before were told; absent for the first. */
  readonly since?: IsoDate;
}

export type DecisionTrigger = 'schedule' | 'regime-change' | 'drawdown' | 'first-bar' | 'exposure';

/** One number of the budget and why it is what it is. */
export interface BudgetCause {
  readonly step: string;
  readonly value: number;
  readonly reason: string;
}

/** Share of value that goes into the core, and the factors that it is the product of; all but `step` lie in 0..1. */
export interface CoreExposure {
  readonly exposure: number;
  readonly volatility: number;
  readonly drawdown: number;
  readonly regime: number;
  /** For mandates with a tail budget, a floor or a least step: what each leaves of the exposure before it. */
  readonly tail?: number;
  readonly preservation?: number;
  /** Exposure that is kept over the one that would have been set: near 1, either way. */
  readonly step?: number;
}

/** Names of the factors in the order in which they are applied. */
const EXPOSURE_FACTORS = ['volatility', 'drawdown', 'regime', 'tail', 'preservation', 'step'] as const;
export type ExposureFactor = (typeof EXPOSURE_FACTORS)[number];

/** The factors that an exposure has. */
export function factorsOf(exposure: CoreExposure): { readonly factor: ExposureFactor; readonly value: number }[] {
  return EXPOSURE_FACTORS.flatMap((factor) => {
    const value = exposure[factor];
    return value === undefined ? [] : [{ factor, value }];
  });
}

/** What a mandate's exposure may seem to depend on. */
export const SURROGATE_FEATURES = [
  'crisis-now',
  'crisis-ahead',
  'tightening-ahead',
  'recovery-ahead',
  'drawdown-used',
  'volatility-ratio',
  'volatility',
  'trend',
  'signals',
] as const;
export type SurrogateFeature = (typeof SURROGATE_FEATURES)[number];

/** A question or an answer of a tree; rows at or below the threshold go to `low`, and branches are places in the list of nodes. */
export type SurrogateNode =
  | { readonly kind: 'leaf'; readonly value: number; readonly rows: number }
  | {
      readonly kind: 'split';
      readonly feature: SurrogateFeature;
      readonly threshold: number;
      readonly low: number;
      readonly high: number;
    };

/** A small tree that imitates a mandate's own past decisions on its exposure, or why there is none. */
export type ExposureSurrogate = {
  /** Decisions behind it, and the day of the last of them; absent when there was none. */
  readonly rows: number;
  readonly asOf?: IsoDate;
  /** Share of the variance of decisions it has not seen that a tree must reproduce to be shown. */
  readonly fidelityMin: number;
} & (
  | {
      readonly status: 'faithful';
      /** Share of the variance of decisions that trees reproduce which have not seen them. */
      readonly fidelity: number;
      /** The root first. */
      readonly nodes: readonly SurrogateNode[];
      /** Fidelity that is lost when a feature is shuffled, the largest first. */
      readonly importance: readonly { readonly feature: SurrogateFeature; readonly loss: number }[];
    }
  | {
      readonly status: 'refused';
      readonly reason: 'too-few-decisions' | 'nothing-to-imitate' | 'not-faithful';
      readonly fidelity?: number;
    }
);

/** The tree beside what was known and decided on the bar itself, which it has not seen. */
export interface DecisionSurrogate {
  readonly tree: ExposureSurrogate;
  readonly known: readonly { readonly feature: SurrogateFeature; readonly value: number }[];
  /** Exposure of the core, or the volatility target of a mandate without a construction. */
  readonly decided: number;
}

/** Part of a holding that was bought together. */
export interface HeldLot {
  readonly id: string;
  /** Share of the account's value today. */
  readonly weight: number;
  /** (price - cost) / price; negative for a loss. */
  readonly gain: number;
  readonly bought: IsoDate;
}

/** How much risk a mandate may take as of a bar. */
export interface RiskBudgetSet {
  readonly type: 'RiskBudgetSet';
  readonly mandateId: string;
  readonly mandateVersion: number;
  readonly universeId: string;
  readonly asOf: IsoDate;
  readonly bar: number;
  readonly regime: RegimeName;
  readonly forecast: RegimeProbabilities;
  /** Annualised, after regime and drawdown scaling. */
  readonly volatilityTarget: number;
  /** Loss from the peak so far, >= 0, and the part of the drawdown budget it uses, 0..1 (more when overspent). */
  readonly drawdown: number;
  readonly drawdownBudgetUsed: number;
  readonly causes: readonly BudgetCause[];
  /** For mandates with a construction: weights of the core, which sum to 1, and the share of value that goes into it. */
  readonly core?: { readonly weights: readonly { readonly id: string; readonly weight: number }[] } & CoreExposure;
  readonly riskModel: ArtefactHash;
  /** Present when the optimizer is to decide on this bar. */
  readonly decisionDue?: DecisionTrigger;
  readonly prices: readonly {
    readonly id: string;
    readonly close: number;
    /** Money traded a day as it was observed; for mandates that state how they trade, where it is known. */
    readonly averageDailyValue?: number;
    /** For instruments that are quoted in another currency than the mandate's. */
    readonly quote?: Quote;
  }[];
  /** For mandates with an objective: what the signals say of the equity proxy. */
  readonly fused?: readonly FusedPart[];
  /** For mandates that trade in lots or volumes: value of the account, 1 at the start. */
  readonly value?: number;
  /** For mandates that pay tax: what is held, by the time it was bought. */
  readonly lots?: readonly HeldLot[];
  /** When a decision is due: the rule that the mandate's own past decisions seem to follow. */
  readonly surrogate?: DecisionSurrogate;
  /** What is held at the close of the bar, drifted with prices since the last trade; sums to 1. */
  readonly holdings: readonly { readonly id: string; readonly weight: number }[];
  /** People whose releases and corrections are among the values behind it; absent when there are none. */
  readonly dataOverriders?: readonly string[];
  /** Versions of the models that it follows from; budgets of before they were told have none. */
  readonly models?: readonly ModelUse[];
  /** Filtered probability of `regime`. */
  readonly regimeProbability?: number;
}

/** A version of a model that something follows from. */
export interface ModelUse {
  /** Name in the registry, such as `regime:demo`. */
  readonly name: string;
  readonly version: string;
}
