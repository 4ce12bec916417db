import type { IsoDate } from '@allostat/kernel';

/** The four names, in canonical order. */
export const FOUR_REGIMES = ['expansion', 'tightening', 'crisis', 'recovery'] as const;
export type FourRegime = (typeof FOUR_REGIMES)[number];

/** What a regime model may look at on one bar: named numbers, known at the close of `asOf`. A missing one is left out. */
export interface RegimeFeatures {
  readonly asOf: IsoDate;
  readonly values: Readonly<Record<string, number>>;
}

/** Student-t emission of one state in standardised units: location (D) and lower Cholesky factor of the scale (D x D, by rows). */
export interface RegimeEmission {
  readonly location: readonly number[];
  readonly cholesky: readonly number[];
}

/** A group of features with its emissions, independent of the other groups given the state. */
export interface RegimeBlock {
  readonly features: readonly string[];
  readonly center: readonly number[];
  readonly scale: readonly number[];
  /** Power to which its density counts in the belief: 1 for returns, less for smooth features that repeat themselves. */
  readonly weight: number;
  /** One a state. */
  readonly emissions: readonly RegimeEmission[];
}

/** What a fit was made on and how it ended. Never called converged unless the last gain was below the tolerance. */
export interface RegimeTraining {
  readonly from: IsoDate;
  readonly to: IsoDate;
  readonly observations: number;
  /** In original units. */
  readonly logLikelihood: number;
  readonly iterations: number;
  readonly converged: boolean;
  /** Every start that was tried. */
  readonly starts: readonly { readonly name: string; readonly logLikelihood: number; readonly converged: boolean }[];
}

/** Whether the history shows more than one regime at all. */
export interface RegimeGate {
  readonly identified: boolean;
  /** Larger over smaller scale of the equity feature in a fit of two states. */
  readonly scaleRatio: number;
  /** Its log-likelihood gain over a single state, less the BIC penalty of the added parameters, in nats. */
  readonly gain: number;
}

/** A fitted Student-t hidden Markov model of named regimes. Plain data: can be stored as JSON. */
export interface RegimeModel {
  readonly kind: 'student-t-hmm';
  /** Whether states were named by what their returns are like, by the point-in-time rule, or there is only one. */
  readonly naming: 'returns' | 'rule' | 'single';
  /** The first block holds the returns that the forecast is scored on. */
  readonly blocks: readonly RegimeBlock[];
  readonly degreesOfFreedom: number;
  /** Name of each state, in canonical order. */
  readonly names: readonly FourRegime[];
  readonly initial: readonly number[];
  /** Row i: probabilities of the next state after state i, one bar ahead. */
  readonly transition: readonly (readonly number[])[];
  readonly gate: RegimeGate;
  readonly training: RegimeTraining;
}
