/** A bucket of 2^level values: their sum, and their sum of squared deviations from their own mean. */
interface Bucket {
  readonly total: number;
  readonly variance: number;
}

/** What ADWIN remembers: rows of buckets, level 0 first, oldest bucket first in a row. Plain data. */
export interface AdwinState {
  readonly rows: readonly (readonly Bucket[])[];
  readonly width: number;
  readonly total: number;
  readonly variance: number;
  readonly ticks: number;
  readonly alarm: boolean;
}

export interface AdwinOptions {
  /** Chance of a false cut. */
  readonly confidence: number;
  /** Cuts are tried every so many values. */
  readonly clock: number;
  readonly maxBuckets: number;
  readonly minWindow: number;
  readonly gracePeriod: number;
}

export const DEFAULT_ADWIN: AdwinOptions = {
  confidence: 0.002,
  clock: 32,
  maxBuckets: 5,
  minWindow: 5,
  gracePeriod: 10,
};

export function initialAdwin(): AdwinState {
  return { rows: [[]], width: 0, total: 0, variance: 0, ticks: 0, alarm: false };
}

/**
 * One step of adaptive windowing (Bifet and Gavaldà, 2007): keeps as long a window as has one mean, in O(log width)
 * buckets, and drops its old part when the means of the two parts differ. `alarm` says that this value led to a cut;
 * the next value starts a new window.
 */
export function adwin(from: AdwinState, value: number, options: AdwinOptions = DEFAULT_ADWIN): AdwinState {
  const state = from.alarm ? initialAdwin() : from;
  const width = state.width + 1;
  const variance = width === 1 ? 0 : state.variance + ((width - 1) * (value - state.total / (width - 1)) ** 2) / width;
  const rows = compress(
    [[...state.rows[0], { total: value, variance: 0 }], ...state.rows.slice(1)],
    options.maxBuckets,
  );
  let next: AdwinState = { rows, width, total: state.total + value, variance, ticks: state.ticks + 1, alarm: false };
  if (next.ticks % options.clock !== 0 || width <= options.gracePeriod) return next;
  for (let shorter = cut(next, options); shorter !== undefined; shorter = cut(next, options)) next = shorter;
  return next;
}

/** Merges the two oldest buckets of every row that is over-full into the row above. */
function compress(rows: readonly (readonly Bucket[])[], maxBuckets: number): Bucket[][] {
  const next = rows.map((row) => [...row]);
  for (let level = 0; level < next.length && next[level].length > maxBuckets; level++) {
    const [a, b] = next[level].splice(0, 2);
    const n = 2 ** level;
    const between = (n * n * (a.total / n - b.total / n) ** 2) / (2 * n);
    if (level + 1 === next.length) next.push([]);
    next[level + 1].push({ total: a.total + b.total, variance: a.variance + b.variance + between });
  }
  return next;
}

/** The window without its oldest bucket, when some split shows two means; undefined when none does. */
function cut(state: AdwinState, options: AdwinOptions): AdwinState | undefined {
  let n0 = 0;
  let n1 = state.width;
  let u0 = 0;
  let u1 = state.total;
  for (let level = state.rows.length - 1; level >= 0; level--) {
    for (const bucket of state.rows[level]) {
      const n = 2 ** level;
      n0 += n;
      n1 -= n;
      u0 += bucket.total;
      u1 -= bucket.total;
      if (n1 < options.minWindow) return undefined;
      if (n0 < options.minWindow) continue;
      if (Math.abs(u0 / n0 - u1 / n1) > bound(n0, n1, state, options)) return withoutOldest(state);
    }
  }
  return undefined;
}

function bound(n0: number, n1: number, state: AdwinState, { confidence, minWindow }: AdwinOptions): number {
  const logTerm = Math.log((2 * Math.log(state.width)) / confidence);
  const harmonic = 1 / (n0 - minWindow + 1) + 1 / (n1 - minWindow + 1);
  return Math.sqrt(2 * harmonic * (state.variance / state.width) * logTerm) + (2 / 3) * logTerm * harmonic;
}

function withoutOldest(state: AdwinState): AdwinState {
  const level = state.rows.length - 1;
  const n = 2 ** level;
  const [oldest, ...kept] = state.rows[level];
  const width = state.width - n;
  const total = state.total - oldest.total;
  const between = (n * width * (oldest.total / n - total / width) ** 2) / (n + width);
  const rows = state.rows.slice(0, level);
  return {
    ...state,
    rows: kept.length > 0 ? [...rows, kept] : dropEmpty(rows),
    width,
    total,
    variance: state.variance - oldest.variance - between,
    alarm: true,
  };
}

/** The top row must hold the oldest bucket; a row can be empty when its two buckets were merged upwards. */
function dropEmpty(rows: readonly (readonly Bucket[])[]): readonly (readonly Bucket[])[] {
  let last = rows.length;
  while (last > 1 && rows[last - 1].length === 0) last--;
  return rows.slice(0, last);
}
