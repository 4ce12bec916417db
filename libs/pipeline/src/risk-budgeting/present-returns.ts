import { invariant } from '@allostat/kernel';

/** How running sums take a bar in. */
export interface SumOptions {
  /** The caller alone holds the state, which is changed instead of copied: for histories. Default false. */
  readonly inPlace?: boolean;
}

/** The returns of one bar that there are: their assets, ascending, and their values in that order. */
export interface PresentReturns {
  readonly assets: Int32Array;
  readonly values: Float64Array;
}

/** Takes out of `returns`, one an asset, those that are not undefined; loops over pairs then ask no questions. */
export function presentReturns(returns: readonly (number | undefined)[], n: number): PresentReturns {
  invariant(returns.length === n, () => `${n} assets need ${n} returns, got ${returns.length}`);
  const assets = new Int32Array(n);
  const values = new Float64Array(n);
  let count = 0;
  for (let i = 0; i < n; i++) {
    const value = returns[i];
    if (value === undefined) continue;
    assets[count] = i;
    values[count++] = value;
  }
  return { assets: assets.subarray(0, count), values: values.subarray(0, count) };
}
