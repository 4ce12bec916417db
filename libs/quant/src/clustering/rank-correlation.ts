/** Ranks 1..T, ties share their mean. */
export function averageRanks(series: Float64Array): Float64Array {
  const order = Array.from(series, (_, t) => t).sort((a, b) => series[a] - series[b]);
  const ranks = new Float64Array(series.length);
  for (let from = 0; from < order.length;) {
    let to = from + 1;
    while (to < order.length && series[order[to]] === series[order[from]]) to++;
    for (let k = from; k < to; k++) ranks[order[k]] = (from + to + 1) / 2;
    from = to;
  }
  return ranks;
}

/** Kendall's tau-b in O(T log T), Knight (1966), JASA 61. */
export function kendallTau(x: Float64Array, y: Float64Array): number {
  const count = x.length;
  const order = Array.from(x, (_, t) => t).sort((a, b) => x[a] - x[b] || y[a] - y[b]);
  const sorted = Float64Array.from(order, (t) => y[t]);
  const pairs = (count * (count - 1)) / 2;
  const tiesX = tiedPairs(order.length, (a, b) => x[order[a]] === x[order[b]]);
  const tiesBoth = tiedPairs(order.length, (a, b) => x[order[a]] === x[order[b]] && sorted[a] === sorted[b]);
  const swaps = inversions(sorted);
  const tiesY = tiedPairs(sorted.length, (a, b) => sorted[a] === sorted[b]);
  const concordance = pairs - tiesX - tiesY + tiesBoth - 2 * swaps;
  return concordance / Math.sqrt((pairs - tiesX) * (pairs - tiesY));
}

function tiedPairs(length: number, same: (a: number, b: number) => boolean): number {
  let pairs = 0;
  for (let from = 0; from < length;) {
    let to = from + 1;
    while (to < length && same(from, to)) to++;
    pairs += ((to - from) * (to - from - 1)) / 2;
    from = to;
  }
  return pairs;
}

/** Sorts in place by merging and counts the exchanges that bubble sort would make. */
function inversions(values: Float64Array<ArrayBuffer>): number {
  let source = values;
  let target = new Float64Array(values.length);
  let count = 0;
  for (let width = 1; width < values.length; width *= 2) {
    for (let from = 0; from < values.length; from += 2 * width) {
      const middle = Math.min(from + width, values.length);
      const to = Math.min(from + 2 * width, values.length);
      let i = from;
      let j = middle;
      for (let k = from; k < to; k++) {
        if (i < middle && (j >= to || source[i] <= source[j])) target[k] = source[i++];
        else {
          count += middle - i;
          target[k] = source[j++];
        }
      }
    }
    [source, target] = [target, source];
  }
  if (source !== values) values.set(source);
  return count;
}
