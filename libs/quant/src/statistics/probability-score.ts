import { invariant } from '@allostat/kernel';

/** Edges of the reliability table; finer at the ends, where forecasts of what lasts are. */
const EDGES = [0, 0.02, 0.1, 0.3, 0.7, 0.9, 0.98, 1] as const;
/** Least probability in a log score: one forecast of zero must not decide alone. */
const PROBABILITY_MIN = 1e-6;

/** Sums over forecasts of one of K outcomes, from which their scores follow. Plain data; a forecast is added in O(K). */
export interface ProbabilityScore {
  readonly forecasts: number;
  readonly logSum: number;
  readonly brierSum: number;
  /** Per bin of the reliability table: probabilities in it, their sum, and how many of their outcomes happened. */
  readonly bins: readonly { readonly forecasts: number; readonly said: number; readonly happened: number }[];
}

/** A row of a reliability table: probabilities between `from` and `to`, their mean, and the share that happened. */
export interface ReliabilityRow {
  readonly from: number;
  readonly to: number;
  readonly forecasts: number;
  readonly said: number;
  readonly happened: number;
}

export function initialProbabilityScore(): ProbabilityScore {
  return {
    forecasts: 0,
    logSum: 0,
    brierSum: 0,
    bins: EDGES.slice(1).map(() => ({ forecasts: 0, said: 0, happened: 0 })),
  };
}

/** Brier score of one forecast: squared distance of the probabilities from what happened, 0 at best and 2 at worst. */
export function brierScore(said: readonly number[], outcome: number): number {
  return said.reduce((sum, p, k) => {
    const miss = p - (k === outcome ? 1 : 0);
    return sum + miss * miss;
  }, 0);
}

/** Adds a forecast and what happened, the number of an outcome. */
export function addForecast(score: ProbabilityScore, said: readonly number[], outcome: number): ProbabilityScore {
  invariant(outcome >= 0 && outcome < said.length, () => `outcome ${outcome} is none of ${said.length}`);
  const bins = [...score.bins];
  said.forEach((p, k) => {
    const above = EDGES.findIndex((edge) => edge > p);
    const at = above < 0 ? bins.length - 1 : above - 1;
    const { forecasts, said: sum, happened } = bins[at];
    bins[at] = { forecasts: forecasts + 1, said: sum + p, happened: happened + (k === outcome ? 1 : 0) };
  });
  return {
    forecasts: score.forecasts + 1,
    logSum: score.logSum + Math.log(Math.max(said[outcome], PROBABILITY_MIN)),
    brierSum: score.brierSum + brierScore(said, outcome),
    bins,
  };
}

/** The rows of the reliability table that have forecasts. */
export function reliabilityTable({ bins }: ProbabilityScore): ReliabilityRow[] {
  return bins.flatMap(({ forecasts, said, happened }, b) =>
    forecasts === 0
      ? []
      : [{ from: EDGES[b], to: EDGES[b + 1], forecasts, said: said / forecasts, happened: happened / forecasts }],
  );
}
