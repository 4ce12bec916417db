import { invariant } from '@allostat/kernel';
import { fitStudentTHmm } from '../regime/fit-student-t-hmm';
import type { MarketHistory } from './market-history';

export interface StressFilterOptions {
  readonly degreesOfFreedom?: number;
  /** Returns that a fit looks back on. */
  readonly windowBars?: number;
  /** Returns that the first fit needs. */
  readonly observationsMin?: number;
}

interface Fitted {
  readonly year: string;
  readonly center: number;
  readonly scale: number;
  /** Location and scale of calm and of stress, in standardised units. */
  readonly states: readonly { readonly location: number; readonly scale: number }[];
  readonly transition: Float64Array;
}

/**
 * Filtered probability that one asset is in the more volatile of two states: a Student-t hidden Markov model of its returns, fitted
 * on the last `windowBars` at the first row of each year and filtered forward row by row. Uses only rows up to the one asked
 * for; `undefined` before the first fit. Ask it for rising rows; make it anew for each run.
 */
export function stressFilter(
  asset: string,
  options: StressFilterOptions = {},
): (history: MarketHistory, row: number) => number | undefined {
  const believe = stressBelief(asset, options);
  return (history, row) => believe(history, row)?.probability;
}

/** The belief at a close, and what it becomes. */
export interface StressBelief {
  /** Filtered probability of stress. */
  readonly probability: number;
  /** Probability of stress `bars` later, by the fitted transitions alone. */
  ahead(bars: number): number;
}

/** Like `stressFilter`, with the forecast that goes with each belief. */
export function stressBelief(
  asset: string,
  { degreesOfFreedom = 5, windowBars = 2000, observationsMin = 504 }: StressFilterOptions = {},
): (history: MarketHistory, row: number) => StressBelief | undefined {
  let model: Fitted | undefined;
  let stress: number | undefined;
  let seen = 0;
  return (history, row) => {
    invariant(row >= seen, () => `rows must rise: ${row} was asked for after ${seen}`);
    for (let t = seen + 1; t <= row; t++) {
      const year = history.dates[t].slice(0, 4);
      if (model?.year !== year) {
        // the fit knows the rows before the year; the belief is filtered anew over its window
        const returns = returnsBefore(history, asset, { until: t - 1, windowBars });
        if (returns.length >= observationsMin) {
          const fitted = fit(returns, year, degreesOfFreedom);
          model = fitted;
          stress = returns.reduce((belief, value) => step(fitted, belief, value, degreesOfFreedom), 0.5);
        }
      }
      const now = returnAt(history, asset, t);
      if (model !== undefined && stress !== undefined && !Number.isNaN(now)) {
        stress = step(model, stress, now, degreesOfFreedom);
      }
    }
    seen = row;
    if (model === undefined || stress === undefined) return undefined;
    const { transition } = model;
    const probability = stress;
    return { probability, ahead: (bars) => forecast(transition, probability, bars) };
  };
}

function forecast(transition: Float64Array, probability: number, bars: number): number {
  let ahead = probability;
  for (let k = 0; k < bars; k++) ahead = (1 - ahead) * transition[1] + ahead * transition[3];
  return ahead;
}

function returnAt({ assets, levels }: MarketHistory, asset: string, row: number): number {
  const n = assets.length;
  const i = assets.indexOf(asset);
  return levels[row * n + i] / levels[(row - 1) * n + i] - 1;
}

function returnsBefore(
  history: MarketHistory,
  asset: string,
  { until, windowBars }: { until: number; windowBars: number },
): number[] {
  const returns: number[] = [];
  for (let t = Math.max(1, until - windowBars + 1); t <= until; t++) {
    const value = returnAt(history, asset, t);
    if (!Number.isNaN(value)) returns.push(value);
  }
  return returns;
}

function fit(returns: readonly number[], year: string, degreesOfFreedom: number): Fitted {
  const center = returns.reduce((sum, value) => sum + value, 0) / returns.length;
  const scale = Math.sqrt(returns.reduce((sum, value) => sum + (value - center) ** 2, 0) / (returns.length - 1));
  const data = Float64Array.from(returns, (value) => (value - center) / scale);
  const result = fitStudentTHmm([{ data, dimensions: 1, weight: 1 }], {
    start: startOf(data),
    states: 2,
    degreesOfFreedom,
    transition: Float64Array.of(0.98, 0.02, 0.02, 0.98),
    transitionPrior: Float64Array.of(1, 1, 1, 1),
    scalePrior: 5,
    maxIterations: 200,
    tolerance: 1e-7,
  });
  const { locations, choleskys } = result.emissions[0];
  const states = locations.map((location, k) => ({ location: location[0], scale: choleskys[k][0] }));
  if (states[0].scale <= states[1].scale) return { year, center, scale, states, transition: result.transition };
  const [a, b, c, d] = result.transition;
  return { year, center, scale, states: [states[1], states[0]], transition: Float64Array.of(d, c, b, a) };
}

/** Stress at first: the third of the rows whose last month moved most. */
function startOf(data: Float64Array): Float64Array {
  const moves = data.map((_, t) => {
    const month = data.subarray(Math.max(0, t - 20), t + 1);
    return month.reduce((sum, value) => sum + value * value, 0) / month.length;
  });
  const limit = Float64Array.from(moves).sort()[Math.floor(moves.length * (2 / 3))];
  return Float64Array.from({ length: data.length * 2 }, (_, k) =>
    moves[k >> 1] > limit === (k % 2 === 1) ? 0.9 : 0.1,
  );
}

function step({ center, scale, states, transition }: Fitted, belief: number, value: number, nu: number): number {
  const z = (value - center) / scale;
  const density = ({ location, scale: own }: Fitted['states'][number]): number =>
    (1 + ((z - location) / own) ** 2 / nu) ** (-(nu + 1) / 2) / own;
  const calm = ((1 - belief) * transition[0] + belief * transition[2]) * density(states[0]);
  const stress = ((1 - belief) * transition[1] + belief * transition[3]) * density(states[1]);
  return stress / (calm + stress);
}
