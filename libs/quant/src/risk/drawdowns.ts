/** Drawdowns of a return series, >= 0, and where the peak of each stands (-1 is the start, before the first return). */
export interface Drawdowns {
  readonly values: Float64Array;
  readonly peaks: Int32Array;
}

/**
 * Uncompounded: running peak of the cumulative sum less the sum itself. Compounded: one less value over running peak.
 * The peak starts at the value before the first return, so a loss on the first day counts.
 */
export function drawdownsOf(series: ArrayLike<number>, { compounded = false } = {}): Drawdowns {
  const values = new Float64Array(series.length);
  const peaks = new Int32Array(series.length);
  let level = compounded ? 1 : 0;
  let peak = level;
  let at = -1;
  for (let t = 0; t < series.length; t++) {
    level = compounded ? level * (1 + series[t]) : level + series[t];
    if (level > peak) {
      peak = level;
      at = t;
    }
    peaks[t] = at;
    values[t] = compounded ? 1 - level / peak : peak - level;
  }
  return { values, peaks };
}
