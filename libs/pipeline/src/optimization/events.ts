import type { ArtefactHash, IsoDate } from '@allostat/kernel';
import type { Quote } from '../universe/foreign-level';
import type { RegimeName } from '../regime-detection/events';
import type {
  CoreExposure,
  DecisionSurrogate,
  DecisionTrigger,
  ExposureFactor,
  ModelUse,
} from '../risk-budgeting/events';

export interface WeightChange {
  readonly instrument: string;
  readonly previousWeight: number;
  readonly targetWeight: number;
  /** Share of portfolio variance after the trade; sums to 1. Absent when a person set the weights. */
  readonly riskContribution?: number;
  /** The same before the trade, by the same risk model. Absent when nothing with a risk is held. */
  readonly previousRiskContribution?: number;
  /** Expected cost of this trade as a fraction of portfolio value. */
  readonly cost: number;
}

/** How well the numbers meet what was asked. */
export interface Certificate {
  readonly method: string;
  readonly status: 'optimal' | 'feasible';
  readonly primalResidual: number;
  /** Absent for methods that have no dual problem, such as hierarchical risk parity. */
  readonly dualResidual?: number;
  readonly gap?: number;
  readonly iterations: number;
}

/** Hashes of all that went into a proposal, so that it can be recomputed. */
export interface ProposalInputs {
  readonly riskModel: ArtefactHash;
  readonly budget: string;
  readonly holdings: string;
  readonly mandate: string;
}

/** What moves a weight. Objectives move it by expected returns, by each signal, by risk, tails and drawdowns of the scenarios, cost and tax; each limit by its name. */
export type WeightDriver =
  | 'core'
  | 'covariance'
  | 'regime-covariance'
  | 'trend'
  | 'market'
  | ExposureFactor
  | 'expected-return'
  | `signal:${string}`
  | 'risk'
  | 'cvar'
  | 'cdar'
  | 'maximum-drawdown'
  | 'average-drawdown'
  | 'shortfall'
  /** All terms on scenarios in one; of proposals of before they were told apart. */
  | 'scenarios'
  | 'cost'
  | 'tax'
  | `limit:${string}`
  | 'limits'
  | 'rounding';

/** What would have to change for a trade to be its own opposite; checked by solving again on both sides. */
export interface Counterfactual {
  readonly instrument: string;
  readonly trade: number;
  /**
   * What changes: the exposure (left out), the instrument's own trend (-1..1), the part of the drawdown budget that is used, or one fused
   * signal, in standard deviations of its own past (-3..3).
   */
  readonly of?: 'trend' | 'drawdown-budget' | `signal:${string}`;
  /** Its value in the proposal, and the one at which the trade turns around. */
  readonly exposure: number;
  readonly turnsAt: number;
}

/** Why the weights change. */
export interface Explanation {
  /** How the attribution is made. */
  readonly method: string;
  readonly exposure: CoreExposure;
  /** Parts of each weight's change; they sum to it. */
  readonly attribution: readonly {
    readonly instrument: string;
    readonly parts: readonly { readonly driver: WeightDriver; readonly change: number }[];
  }[];
  readonly counterfactuals: readonly Counterfactual[];
  readonly shadowPrices: readonly { readonly limit: string; readonly price: number }[];
}

/** An assertion about a proposal that its own figures bear out, and the sentence that says it. */
export interface Claim {
  readonly kind:
    | 'regime'
    | 'volatility'
    | 'exposure'
    | 'surrogate'
    | 'importance'
    | 'weight'
    | 'driver'
    | 'counterfactual'
    | 'trading';
  readonly subject: string;
  /** Second word of the assertion, such as a driver. */
  readonly other?: string;
  readonly values: readonly number[];
  readonly text: string;
}

/** Weights that the optimizer proposes; nothing leaves before people sign. */
export interface AllocationProposed {
  readonly type: 'AllocationProposed';
  readonly proposalId: string;
  readonly mandateId: string;
  readonly mandateVersion: number;
  readonly asOf: IsoDate;
  readonly trigger: DecisionTrigger;
  readonly regime: RegimeName;
  readonly weights: readonly WeightChange[];
  readonly expectedVolatility: number;
  readonly volatilityTarget: number;
  readonly turnover: number;
  readonly expectedCost: number;
  readonly certificate: Certificate;
  /** For mandates with a construction. */
  readonly explanation?: Explanation;
  /** The rule that the mandate's own past decisions seem to follow; proposals of before there was any have none. */
  readonly surrogate?: DecisionSurrogate;
  /** For mandates that trade in whole lots: weight of each target that they leave out. */
  readonly residuals?: readonly { readonly instrument: string; readonly weight: number }[];
  readonly rationale: readonly string[];
  /** The assertions that the rationale is made of; proposals of before there were any have none. */
  readonly claims?: readonly Claim[];
  readonly inputs: ProposalInputs;
  readonly prices: readonly { readonly id: string; readonly close: number; readonly quote?: Quote }[];
  /** People whose releases and corrections are among the values behind it; they cannot decide on it. */
  readonly dataOverriders?: readonly string[];
  /** Absent in proposals of before they were told. */
  readonly facts?: ProposalFacts;
}

/** What policies ask of a proposal beside its weights. What is absent is not known. */
export interface ProposalFacts {
  readonly models: readonly ModelUse[];
  readonly regimeProbability?: number;
  /** 1 is all of it. */
  readonly drawdownBudgetUsed: number;
  /** Fraction of value lost on average in the worst twentieth of months. */
  readonly cvar95: number;
  /** It is that of the risk model's scenarios; absent where it is that of the normal law. */
  readonly cvar95FromScenarios?: boolean;
}

/** A decision was due and nothing is to be traded. */
export interface AllocationUnchanged {
  readonly type: 'AllocationUnchanged';
  readonly mandateId: string;
  readonly asOf: IsoDate;
  readonly trigger: DecisionTrigger;
  readonly turnover: number;
  readonly noTradeBand: number;
  /** With a trade that would not have paid for itself: its gain until the next regular decision, and its cost, as fractions of value. */
  readonly gain?: number;
  readonly cost?: number;
}

/** No weights meet the limits: which limits exclude each other, and the least change that would help. */
export interface AllocationInfeasible {
  readonly type: 'AllocationInfeasible';
  readonly mandateId: string;
  readonly asOf: IsoDate;
  readonly trigger: DecisionTrigger;
  readonly conflict: readonly string[];
  readonly relaxation: readonly { readonly limit: string; readonly by: number }[];
}

/** What the order system reports back: its answer, and what is held once it is done. */
export interface AllocationStatusReported {
  readonly type: 'AllocationStatusReported';
  readonly mandateId: string;
  readonly instructionId: string;
  readonly sequence: number;
  readonly status:
    | 'received'
    | 'accepted'
    | 'accepted-with-rounding'
    | 'rejected'
    | 'working'
    | 'partially-done'
    | 'replace-pending'
    | 'cancel-pending'
    | 'done'
    | 'cancelled';
  readonly asOf: IsoDate;
  readonly reasonCode?: string;
  readonly text?: string;
  /** With `done`: holdings after the trades and the prices they were measured at. */
  readonly holdings?: readonly { readonly instrument: string; readonly weight: number; readonly price: number }[];
  /** Realised cost as a fraction of portfolio value. */
  readonly realisedCost?: number;
  /** With `accepted-with-rounding`: weight that whole lots leave over. */
  readonly residuals?: readonly { readonly instrument: string; readonly weight: number }[];
}
