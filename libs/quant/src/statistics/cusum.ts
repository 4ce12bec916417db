/** What the CUSUM chart remembers; plain data. */
export interface CusumState {
  readonly count: number;
  /** Mean and sum of squared deviations of the reference, frozen after `referenceLength` values. */
  readonly mean: number;
  readonly squares: number;
  readonly high: number;
  readonly low: number;
  readonly alarm: boolean;
}

export interface CusumOptions {
  readonly referenceLength: number;
  /** Deviation that is tolerated, and sum that raises the alarm, in standard deviations of the reference. */
  readonly slack: number;
  readonly threshold: number;
}

export const DEFAULT_CUSUM: CusumOptions = { referenceLength: 30, slack: 0.5, threshold: 5 };

export function initialCusum(): CusumState {
  return { count: 0, mean: 0, squares: 0, high: 0, low: 0, alarm: false };
}

/** One step of the two-sided CUSUM chart against a frozen reference (Page, 1954); learns a new reference after an alarm. */
export function cusum(state: CusumState, value: number, options: CusumOptions = DEFAULT_CUSUM): CusumState {
  const { referenceLength, slack, threshold } = options;
  const before = state.alarm ? initialCusum() : state;
  const count = before.count + 1;
  if (count <= referenceLength) {
    const change = value - before.mean;
    const mean = before.mean + change / count;
    return { ...before, count, mean, squares: before.squares + change * (value - mean) };
  }
  const deviation = Math.sqrt(before.squares / (referenceLength - 1));
  const z = deviation > 0 ? (value - before.mean) / deviation : 0;
  const high = Math.max(0, before.high + z - slack);
  const low = Math.max(0, before.low - z - slack);
  return { ...before, count, high, low, alarm: high > threshold || low > threshold };
}
