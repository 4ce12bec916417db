import { invariant } from '@allostat/kernel';

export interface OverfittingProbability {
  /** Share of splits in which the best in sample is in the lower half out of sample. */
  readonly pbo: number;
  readonly combinations: number;
  /** Logit of the relative rank out of sample of the best in sample, one a split. */
  readonly logits: Float64Array;
  /** Regression of out-of-sample on in-sample Sharpe ratio of the best in sample; null when that never varies. */
  readonly slope: number | null;
  readonly intercept: number | null;
  /** Share of splits in which the best in sample lost money out of sample. */
  readonly lossProbability: number;
}

/**
 * Probability of backtest overfitting by combinatorially symmetric cross-validation: rows are cut into `blocks` equal parts,
 * every half of them picks the trial of best Sharpe ratio (ddof 1), the other half ranks it (1 the worst, ties by their
 * mean, relative to trials + 1). Rows that do not fill a block are left out at the end.
 * Bailey, Borwein, Lopez de Prado and Zhu (2017), J. Computational Finance 20(4). Research only: uses the whole sample.
 */
export function overfittingProbability(
  trials: readonly ArrayLike<number>[],
  { blocks = 16 }: { readonly blocks?: number } = {},
): OverfittingProbability {
  const count = trials.length;
  invariant(count >= 2, () => `overfitting needs at least 2 trials, got ${count}`);
  invariant(blocks >= 2 && blocks <= 20 && blocks % 2 === 0, () => `blocks must be even in 2..20, got ${blocks}`);
  const size = Math.floor(trials[0].length / blocks);
  invariant(trials.every(({ length }) => length === trials[0].length) && size >= 2, 'trials need equally many returns');
  const sums = blockSums(trials, blocks, size);
  const chosen: { inSample: number; outOfSample: number; logit: number }[] = [];
  for (const half of halves(blocks)) {
    const inside = sharpes(sums, half, size);
    const outside = sharpes(
      sums,
      half.map((value) => !value),
      size,
    );
    const best = inside.indexOf(Math.max(...inside));
    const rank = rankOf(outside, best) / (count + 1);
    chosen.push({ inSample: inside[best], outOfSample: outside[best], logit: Math.log(rank / (1 - rank)) });
  }
  const share = (test: (split: (typeof chosen)[number]) => boolean): number =>
    chosen.filter(test).length / chosen.length;
  return {
    pbo: share(({ logit }) => logit <= 0),
    combinations: chosen.length,
    logits: Float64Array.from(chosen, ({ logit }) => logit),
    ...regression(chosen),
    lossProbability: share(({ outOfSample }) => outOfSample < 0),
  };
}

interface Sums {
  readonly first: Float64Array;
  readonly second: Float64Array;
}

function blockSums(trials: readonly ArrayLike<number>[], blocks: number, size: number): Sums[] {
  return trials.map((returns) => {
    const first = new Float64Array(blocks);
    const second = new Float64Array(blocks);
    for (let t = 0; t < blocks * size; t++) {
      const block = Math.floor(t / size);
      first[block] += returns[t];
      second[block] += returns[t] * returns[t];
    }
    return { first, second };
  });
}

function sharpes(trials: readonly Sums[], inside: readonly boolean[], size: number): Float64Array {
  return Float64Array.from(trials, ({ first, second }) => {
    let periods = 0;
    let sum = 0;
    let squares = 0;
    inside.forEach((taken, block) => {
      if (!taken) return;
      periods += size;
      sum += first[block];
      squares += second[block];
    });
    const variance = (squares - (sum * sum) / periods) / (periods - 1);
    invariant(variance > 0, 'a trial never changes in half of the blocks; leave it out');
    return sum / periods / Math.sqrt(variance);
  });
}

/** Every choice of half of the blocks, in lexicographic order. */
function* halves(blocks: number): Generator<boolean[]> {
  const chosen = Array.from({ length: blocks / 2 }, (_, i) => i);
  for (;;) {
    yield Array.from({ length: blocks }, (_, block) => chosen.includes(block));
    let at = chosen.length - 1;
    while (at >= 0 && chosen[at] === blocks - chosen.length + at) at--;
    if (at < 0) return;
    chosen[at]++;
    for (let next = at + 1; next < chosen.length; next++) chosen[next] = chosen[next - 1] + 1;
  }
}

function rankOf(values: Float64Array, at: number): number {
  let below = 0;
  let equal = 0;
  for (const value of values) {
    if (value < values[at]) below++;
    else if (value === values[at]) equal++;
  }
  return below + (equal + 1) / 2;
}

function regression(points: readonly { inSample: number; outOfSample: number }[]): {
  slope: number | null;
  intercept: number | null;
} {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const x = mean(points.map(({ inSample }) => inSample));
  const y = mean(points.map(({ outOfSample }) => outOfSample));
  let cross = 0;
  let square = 0;
  for (const { inSample, outOfSample } of points) {
    cross += (inSample - x) * (outOfSample - y);
    square += (inSample - x) ** 2;
  }
  if (!(square > 0)) return { slope: null, intercept: null };
  const slope = cross / square;
  return { slope, intercept: y - slope * x };
}
