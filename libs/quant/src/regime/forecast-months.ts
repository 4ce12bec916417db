import { invariant } from '@allostat/kernel';
import type { MonthFacts, TracedMonth } from './name-months';
import { FOUR_REGIMES, type FourRegime } from './regime-model';

/** Forecast of next month's regime: a transition matrix, tilted by how near the rule's thresholds are. Plain data. */
export interface MonthForecaster {
  /** Row i: shares of the names after name i, in the order of `FOUR_REGIMES`; steps that the rule cannot take are 0. */
  readonly transition: readonly (readonly number[])[];
  readonly center: readonly number[];
  readonly scale: readonly number[];
  /** Per name that is moved to (rows): log-odds a standard deviation of each fact. All 0: the matrix alone. */
  readonly tilt: readonly (readonly number[])[];
}

export interface MonthForecastOptions {
  /** `tilted` (default) or the empirical transition matrix alone. */
  readonly method?: 'tilted' | 'matrix';
  /** Ridge on the tilt, in months' worth of evidence: large values give the matrix. */
  readonly ridge?: number;
}

/** Half a month of evidence for every step that the rule can take. */
const PRIOR_MONTHS = 0.5;
const ITERATIONS = 400;
const CANNOT: readonly (readonly [FourRegime, FourRegime])[] = [
  ['expansion', 'recovery'],
  ['tightening', 'recovery'],
  ['crisis', 'expansion'],
  ['crisis', 'tightening'],
];

/**
 * Fits the forecast of next month's name on named months in order (months apart by one).
 *
 * p(j | i, x) is proportional to m_ij exp(b_j x): the empirical matrix m with b_j fitted by penalised maximum likelihood on the
 * standardised facts x, so that without information the forecast is the matrix. Uses the whole history it is given.
 */
export function fitMonthForecast(
  months: readonly TracedMonth[],
  { method = 'tilted', ridge = 10 }: MonthForecastOptions = {},
): MonthForecaster {
  invariant(months.length >= 60, () => `need at least 60 named months, got ${months.length}`);
  const names = months.map(({ name }) => FOUR_REGIMES.indexOf(name));
  const transition = countTransitions(names);
  const rows = months.map(({ facts }) => factRow(facts));
  const width = rows[0].length;
  const center = Array.from({ length: width }, (_, c) => rows.reduce((sum, row) => sum + row[c], 0) / rows.length);
  const scale = center.map((mean, c) => {
    const variance = rows.reduce((sum, row) => sum + (row[c] - mean) ** 2, 0) / rows.length;
    return variance > 0 ? Math.sqrt(variance) : 1;
  });
  const x = rows.map((row) => row.map((value, c) => (value - center[c]) / scale[c]));
  const tilt = FOUR_REGIMES.map(() => new Array<number>(width).fill(0));
  return { transition, center, scale, tilt: method === 'matrix' ? tilt : climb(transition, names, x, ridge) };
}

/** Probabilities of the four names `months` months ahead: the tilted first step, then the matrix. */
export function forecastMonth(
  model: MonthForecaster,
  { name, facts }: TracedMonth,
  months = 1,
): Record<FourRegime, number> {
  invariant(Number.isInteger(months) && months >= 1, () => `months must be a whole number >= 1, got ${months}`);
  const x = factRow(facts).map((value, c) => (value - model.center[c]) / model.scale[c]);
  let ahead = tilted(model.transition[FOUR_REGIMES.indexOf(name)], model.tilt, x);
  for (let step = 1; step < months; step++)
    ahead = ahead.map((_, j) => ahead.reduce((sum, p, i) => sum + p * model.transition[i][j], 0));
  return Object.fromEntries(FOUR_REGIMES.map((regime, j) => [regime, ahead[j]])) as Record<FourRegime, number>;
}

const factRow = ({ stress, return3m, return6m, spread6m, bill6m, depth, since }: MonthFacts): number[] => [
  stress,
  return3m,
  return6m,
  spread6m,
  bill6m,
  depth,
  Math.min(since, 18),
];

function countTransitions(names: readonly number[]): number[][] {
  const counts = FOUR_REGIMES.map((from) =>
    FOUR_REGIMES.map((to): number => (CANNOT.some(([a, b]) => a === from && b === to) ? 0 : PRIOR_MONTHS)),
  );
  for (let t = 1; t < names.length; t++) counts[names[t - 1]][names[t]]++;
  return counts.map((row) => {
    const total = row.reduce((a, b) => a + b, 0);
    return row.map((count) => count / total);
  });
}

function tilted(row: readonly number[], tilt: readonly (readonly number[])[], x: readonly number[]): number[] {
  const logs = tilt.map((b) => b.reduce((sum, value, c) => sum + value * x[c], 0));
  const top = Math.max(...logs);
  const joint = row.map((m, j) => m * Math.exp(logs[j] - top));
  const total = joint.reduce((a, b) => a + b, 0);
  return joint.map((value) => value / total);
}

/** Gradient ascent with momentum on the penalised log-likelihood, which is concave: it has one maximum. */
function climb(
  transition: readonly (readonly number[])[],
  names: readonly number[],
  rows: readonly (readonly number[])[],
  ridge: number,
): number[][] {
  const k = FOUR_REGIMES.length;
  const width = rows[0].length;
  const x = Float64Array.from(rows.flat());
  const step = 1 / (0.5 * width * names.length + ridge); // the curvature is at most this steep
  let tilt = new Float64Array(k * width);
  let before = tilt;
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const momentum = iteration / (iteration + 3);
    const last = before;
    const at = tilt.map((value, i) => value + momentum * (value - last[i]));
    const slope = at.map((value) => -ridge * value);
    addSlope(slope, at, { x, width, transition, names });
    before = tilt;
    tilt = at.map((value, i) => value + step * slope[i]);
  }
  return FOUR_REGIMES.map((_, j) => [...tilt.subarray(j * width, (j + 1) * width)]);
}

/** Adds the slope of the log-likelihood at `at` (names by facts, by rows). */
function addSlope(
  slope: Float64Array,
  at: Float64Array,
  data: {
    readonly x: Float64Array;
    readonly width: number;
    readonly transition: readonly (readonly number[])[];
    readonly names: readonly number[];
  },
): void {
  const { x, width, transition, names } = data;
  const k = FOUR_REGIMES.length;
  const weights = new Float64Array(k);
  for (let t = 1; t < names.length; t++) {
    const row = transition[names[t - 1]];
    const from = (t - 1) * width;
    let total = 0;
    for (let j = 0; j < k; j++) {
      let log = 0;
      for (let c = 0; c < width; c++) log += at[j * width + c] * x[from + c];
      weights[j] = row[j] * Math.exp(log);
      total += weights[j];
    }
    for (let j = 0; j < k; j++) {
      const error = (names[t] === j ? 1 : 0) - weights[j] / total;
      for (let c = 0; c < width; c++) slope[j * width + c] += error * x[from + c];
    }
  }
}
