import { invariant, type Rng } from '@allostat/kernel';

export interface BootstrapInterval {
  /** The statistic of the series themselves. */
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
  /** Share of draws in which the statistic is 0 or less. */
  readonly notPositive: number;
  readonly draws: number;
}

/**
 * Percentile interval of a statistic of several series of equal length by the stationary bootstrap: rows are drawn in runs of
 * random length (geometric, mean `meanBlock`), the same rows for every series, around the end to the start.
 * Politis and Romano (1994), J. American Statistical Association 89. Research only: uses the whole sample.
 */
export function stationaryBootstrap(
  series: readonly ArrayLike<number>[],
  statistic: (series: readonly Float64Array[]) => number,
  {
    rng,
    draws = 2000,
    meanBlock = 63,
    confidence = 0.9,
  }: { readonly rng: Rng; readonly draws?: number; readonly meanBlock?: number; readonly confidence?: number },
): BootstrapInterval {
  invariant(series.length >= 1 && series[0].length >= 2, 'the bootstrap needs a series of at least 2 rows');
  invariant(
    series.every(({ length }) => length === series[0].length),
    'all series must have equally many rows',
  );
  invariant(meanBlock >= 1, () => `meanBlock must be 1 or more, got ${meanBlock}`);
  invariant(confidence > 0 && confidence < 1, () => `confidence must lie between 0 and 1, got ${confidence}`);
  invariant(draws >= 100, () => `draws must be 100 or more, got ${draws}`);
  const rows = series[0].length;
  const drawn = series.map(() => new Float64Array(rows));
  const values = new Float64Array(draws);
  for (let draw = 0; draw < draws; draw++) {
    let row = rng.integer(rows);
    for (let t = 0; t < rows; t++) {
      if (t > 0) row = rng.uniform() < 1 / meanBlock ? rng.integer(rows) : (row + 1) % rows;
      for (let k = 0; k < series.length; k++) drawn[k][t] = series[k][row];
    }
    values[draw] = statistic(drawn);
  }
  values.sort();
  const at = (share: number): number => values[Math.min(draws - 1, Math.floor(share * draws))];
  return {
    estimate: statistic(series.map((values) => Float64Array.from(values))),
    low: at((1 - confidence) / 2),
    high: at((1 + confidence) / 2),
    notPositive: values.filter((value) => value <= 0).length / draws,
    draws,
  };
}
