import { invariant } from '@allostat/kernel';
import { REGIME_NAMES, type RegimeProbabilities } from '../regime-detection/events';
import type { SumOptions } from './present-returns';

/** Bars that are scenarios because they are recent: two years. */
const RECENT_BARS = 504;

/** Older bars that stay scenarios because they were the worst: a month of stress. */
const STRESSED_BARS = 21;

/** Bars that stand against the memberships of a regime, so that a regime rarely seen does not hang on a few bars. */
const PRIOR_BARS = 63;

/**
 * Bars kept as scenarios, oldest first; each row has the returns by asset (NaN where there was none) and then what was believed of each
 * regime at its close, in the order of `REGIME_NAMES`. Replaced and never changed by an update, unless its only holder says so.
 */
export interface ScenarioState {
  readonly assets: readonly string[];
  readonly recent: Float64Array;
  /** Worst bars that have left the recent ones, by the mean return of all instruments. */
  readonly stressed: Float64Array;
}

/** Scenarios of one bar for the assets of a universe, with the belief about the regime of each. */
export interface Scenarios {
  readonly assets: readonly string[];
  readonly rows: number;
  /** How many of the rows, the first ones, are stressed. */
  readonly stressed: number;
  /** Row by row: a return an asset, `null` or NaN where it had none, then the probability of each regime. */
  readonly values: ArrayLike<number | null>;
}

const widthOf = (assets: readonly string[]): number => assets.length + REGIME_NAMES.length;

export function initialScenarios(assets: readonly string[]): ScenarioState {
  return { assets: [...assets], recent: new Float64Array(0), stressed: new Float64Array(0) };
}

/** Adds one bar; the oldest recent one leaves, and stays as a stressed scenario when it is among the worst. */
export function updateScenarios(
  { assets, recent, stressed }: ScenarioState,
  returns: readonly (number | undefined)[],
  probabilities: RegimeProbabilities,
  { inPlace = false }: SumOptions = {},
): ScenarioState {
  const n = assets.length;
  invariant(returns.length === n, () => `${n} assets need as many returns, got ${returns.length}`);
  const width = widthOf(assets);
  const full = recent.length === RECENT_BARS * width;
  const left = full ? worst(stressed, recent.subarray(0, width), n) : stressed;
  const kept = full ? recent.subarray(width) : recent;
  const last = kept.length;
  const next = full && inPlace ? recent : new Float64Array(last + width);
  next.set(kept);
  returns.forEach((value, i) => (next[last + i] = value === undefined ? NaN : value));
  REGIME_NAMES.forEach((name, k) => (next[last + n + k] = probabilities[name]));
  return { assets, recent: next, stressed: left };
}

/** The worst rows, with one more, in the order in which they came. */
function worst(rows: Float64Array, leaving: Float64Array, n: number): Float64Array {
  const width = leaving.length;
  const all = new Float64Array(rows.length + width);
  all.set(rows);
  all.set(leaving, rows.length);
  const count = all.length / width;
  if (count <= STRESSED_BARS) return all;
  let best = 0;
  for (let row = 1; row < count; row++) if (meanOf(all, row * width, n) > meanOf(all, best * width, n)) best = row;
  const out = new Float64Array(rows.length);
  out.set(all.subarray(0, best * width));
  out.set(all.subarray((best + 1) * width), best * width);
  return out;
}

/** Mean of the returns that there are; a bar without any is no stress. */
function meanOf(values: Float64Array, from: number, n: number): number {
  let sum = 0;
  let count = 0;
  for (let i = from; i < from + n; i++) {
    if (Number.isNaN(values[i])) continue;
    sum += values[i];
    count++;
  }
  return count === 0 ? Infinity : sum / count;
}

/** The bars kept as scenarios: stressed ones first, so that time rises through the rows. */
export function scenariosOf({ assets, recent, stressed }: ScenarioState): Scenarios {
  const width = widthOf(assets);
  const values = new Float64Array(stressed.length + recent.length);
  values.set(stressed);
  values.set(recent, stressed.length);
  return { assets, rows: values.length / width, stressed: stressed.length / width, values };
}

/** The same as plain numbers, which have no NaN. */
export function plainScenarios({ values, ...rest }: Scenarios): Scenarios {
  return { ...rest, values: Array.from(values, (value) => (Number.isNaN(value) ? null : value)) };
}

/** Return of an asset in a row; `undefined` where it had none. */
export function scenarioReturn({ assets, values }: Scenarios, row: number, asset: number): number | undefined {
  const value = values[row * widthOf(assets) + asset];
  return value === null || Number.isNaN(value) ? undefined : value;
}

/**
 * Probability of each of some rows under a forecast: sum over regimes of the forecast times the row's share of all that was seen of the
 * regime in them; each regime's shares are pulled to equal ones by 63 bars. Sums to 1.
 */
export function scenarioWeights(
  { assets, values }: Scenarios,
  rows: readonly number[],
  forecast: RegimeProbabilities,
): Float64Array {
  invariant(rows.length > 0, 'scenario weights need scenarios');
  const width = widthOf(assets);
  const weights = new Float64Array(rows.length);
  REGIME_NAMES.forEach((name, k) => {
    const belief = (row: number): number => values[row * width + assets.length + k] as number;
    const seen = rows.reduce((sum, row) => sum + belief(row), 0);
    rows.forEach((row, s) => {
      weights[s] += (forecast[name] * (belief(row) + PRIOR_BARS / rows.length)) / (seen + PRIOR_BARS);
    });
  });
  return weights;
}
