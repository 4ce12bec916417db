import { invariant } from '@allostat/kernel';

/** A way of dividing a sample into K groups before a fit; `groups` has one group number a bar. */
export interface Grouping {
  readonly name: string;
  readonly groups: Int32Array;
}

const WINDOWS_BARS = [42, 84] as const;
const ROUNDS_MAX = 50;

/**
 * Deterministic groupings of a sample by how its returns behave around each bar: log volatility of every feature and the
 * correlation of the first with each other, over centred windows of 42 and of 84 bars. For each window one grouping by equal counts
 * of the first feature's volatility, one by k-means started there, one by k-means started at the farthest points.
 *
 * `data` is T x D by rows. Looks at both sides of a bar: for starting a fit only.
 */
export function windowGroupings(
  data: Float64Array,
  dimensions: number,
  k: number,
  windowsBars: readonly number[] = WINDOWS_BARS,
): Grouping[] {
  const t = data.length / dimensions;
  const longest = Math.max(...windowsBars);
  invariant(t > longest, () => `need more than ${longest} observations, got ${t}`);
  return windowsBars.flatMap((window) => groupings(data, dimensions, k, window));
}

function groupings(data: Float64Array, dimensions: number, k: number, window: number): Grouping[] {
  const t = data.length / dimensions;
  const points = windowFeatures(data, dimensions, window);
  const width = points.length / t;
  const quantiles = equalCounts(points, width, k);
  return [
    { name: `${k} groups of equal count by volatility over ${window} bars`, groups: quantiles },
    {
      name: `${k}-means from volatility groups over ${window} bars`,
      groups: kMeans(points, width, centroids(points, width, quantiles, k)),
    },
    {
      name: `${k}-means from farthest points over ${window} bars`,
      groups: kMeans(points, width, farthestPoints(points, width, k)),
    },
  ];
}

function windowFeatures(data: Float64Array, d: number, window: number): Float64Array {
  const t = data.length / d;
  const width = 2 * d - 1;
  const points = new Float64Array(t * width);
  for (let s = 0; s < t; s++) {
    const from = Math.min(Math.max(0, s - window / 2), t - window);
    const cross = new Float64Array(d);
    const square = new Float64Array(d);
    for (let r = from; r < from + window; r++)
      for (let i = 0; i < d; i++) {
        square[i] += data[r * d + i] ** 2;
        cross[i] += data[r * d] * data[r * d + i];
      }
    for (let i = 0; i < d; i++) {
      points[s * width + i] = 0.5 * Math.log(Math.max(square[i] / window, 1e-12));
      if (i > 0) points[s * width + d + i - 1] = cross[i] / Math.sqrt(Math.max(square[0] * square[i], 1e-24));
    }
  }
  return points;
}

function equalCounts(points: Float64Array, width: number, k: number): Int32Array {
  const t = points.length / width;
  const order = Array.from({ length: t }, (_, s) => s).sort((a, b) => points[a * width] - points[b * width] || a - b);
  const groups = new Int32Array(t);
  order.forEach((s, rank) => (groups[s] = Math.floor((rank * k) / t)));
  return groups;
}

function centroids(points: Float64Array, width: number, groups: Int32Array, k: number): Float64Array {
  const sums = new Float64Array(k * width);
  const counts = new Float64Array(k);
  groups.forEach((g, s) => {
    counts[g]++;
    for (let i = 0; i < width; i++) sums[g * width + i] += points[s * width + i];
  });
  return sums.map((sum, i) => sum / Math.max(1, counts[Math.floor(i / width)]));
}

function squaredDistance(points: Float64Array, s: number, centers: Float64Array, c: number, width: number): number {
  let sum = 0;
  for (let i = 0; i < width; i++) sum += (points[s * width + i] - centers[c * width + i]) ** 2;
  return sum;
}

/** Starts at the point nearest to the mean of all, then always takes the point farthest from those taken. */
function farthestPoints(points: Float64Array, width: number, k: number): Float64Array {
  const t = points.length / width;
  const centers = new Float64Array(k * width);
  centers.set(centroids(points, width, new Int32Array(t), 1));
  const nearest = new Float64Array(t).fill(Infinity);
  for (let c = 1; c < k; c++) {
    let farthest = 0;
    for (let s = 0; s < t; s++) {
      nearest[s] = Math.min(nearest[s], squaredDistance(points, s, centers, c - 1, width));
      if (nearest[s] > nearest[farthest]) farthest = s;
    }
    centers.set(points.subarray(farthest * width, (farthest + 1) * width), c * width);
  }
  return centers;
}

function kMeans(points: Float64Array, width: number, start: Float64Array): Int32Array {
  const t = points.length / width;
  const k = start.length / width;
  let centers = start;
  let groups = new Int32Array(t);
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const next = new Int32Array(t);
    for (let s = 0; s < t; s++) {
      let best = 0;
      let least = Infinity;
      for (let c = 0; c < k; c++) {
        const distance = squaredDistance(points, s, centers, c, width);
        if (distance < least) [best, least] = [c, distance];
      }
      next[s] = best;
    }
    if (round > 0 && next.every((g, s) => g === groups[s])) break;
    groups = next;
    centers = centroids(points, width, groups, k);
  }
  return groups;
}
