import { solveSmall } from '../linalg/solve-small';

const WEEK = 5;
const MONTH = 22;
const TERMS = 4;
/** Days of a regression before its forecast is worth stating. */
const DAYS_MIN = 250;

/** Running sums of the regression and the squared returns of the last month. Plain data. */
export interface HarState {
  /** TERMS x TERMS sums of products of regressors, and their products with the next day's square. */
  readonly cross: readonly number[];
  readonly right: readonly number[];
  readonly days: number;
  readonly squares: readonly number[];
}

export function initialHar(): HarState {
  const zeros = (n: number): number[] => new Array<number>(n).fill(0);
  return { cross: zeros(TERMS * TERMS), right: zeros(TERMS), days: 0, squares: [] };
}

/**
 * Heterogeneous autoregression of the variance (Corsi, 2009, with squared daily returns for realised variance): tomorrow's square on a
 * constant, today's square, and the means of the last 5 and 22, by least squares on all days so far. O(1) a bar.
 *
 * Returns the forecast of tomorrow's variance, never below half the lesser of the two means, where a line may go; undefined until 250 days
 * have been regressed. Uses only returns up to this one.
 */
export function harVariance(
  state: HarState,
  change: number,
): { readonly state: HarState; readonly variance: number | undefined } {
  const square = change * change;
  const before = regressors(state.squares);
  const cross = [...state.cross];
  const right = [...state.right];
  if (before !== undefined) {
    for (let i = 0; i < TERMS; i++) {
      right[i] += before[i] * square;
      for (let j = 0; j < TERMS; j++) cross[i * TERMS + j] += before[i] * before[j];
    }
  }
  const days = state.days + (before === undefined ? 0 : 1);
  const squares = [...state.squares.slice(1 - MONTH), square];
  const next = { cross, right, days, squares };
  const now = regressors(squares);
  if (now === undefined || days < DAYS_MIN) return { state: next, variance: undefined };
  const rows = right.map((_, i) => cross.slice(i * TERMS, (i + 1) * TERMS));
  const forecast = solveSmall(rows, right).reduce((sum, b, i) => sum + b * now[i], 0);
  const floor = Math.min(...now.slice(2)) / 2;
  return { state: next, variance: Math.max(forecast, floor) };
}

function regressors(squares: readonly number[]): number[] | undefined {
  if (squares.length < MONTH) return undefined;
  const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  return [1, squares[MONTH - 1], meanOf(squares.slice(-WEEK)), meanOf(squares)];
}
