import { invariant, type Rng } from '@allostat/kernel';

/** Rows of named features, oldest first; element (row, feature) at `row * features.length + feature`. */
export interface FeatureTable {
  readonly features: readonly string[];
  readonly values: Float64Array;
}

export type TreeNode =
  | { readonly kind: 'leaf'; readonly value: number; readonly rows: number }
  | {
      readonly kind: 'split';
      readonly feature: string;
      /** Rows at or below go to `low`. */
      readonly threshold: number;
      readonly low: TreeNode;
      readonly high: TreeNode;
    };

export interface SurrogateOptions {
  /** Levels of questions; default 3. */
  readonly depth?: number;
  /** Rows that a leaf has at least; default 20. */
  readonly leafRows?: number;
  /** Share of rows at the end that judge the tree and do not grow it; default 0.3. */
  readonly heldOut?: number;
  /** Fidelity below which the tree is refused; default 0.7. */
  readonly fidelityMin?: number;
  readonly rng: Rng;
}

export type Surrogate =
  | {
      readonly status: 'faithful';
      readonly tree: TreeNode;
      /** Share of the variance of the held-out rows that the tree reproduces. */
      readonly fidelity: number;
      /** Loss of fidelity when a feature's held-out values are shuffled in blocks of a month. */
      readonly importance: Readonly<Record<string, number>>;
    }
  | { readonly status: 'refused'; readonly fidelity: number; readonly fidelityMin: number };

const BLOCK_ROWS = 21;

/**
 * A small regression tree that imitates a rule, to be read by people: least squares, split by split (Breiman et al., 1984). It is
 * judged on rows that it has not seen, and refused when it does not imitate well: a wrong explanation is worse than none.
 */
export function surrogateTree(
  table: FeatureTable,
  target: ArrayLike<number>,
  { depth = 3, leafRows = 20, heldOut = 0.3, fidelityMin = 0.7, rng }: SurrogateOptions,
): Surrogate {
  const n = table.features.length;
  const rows = target.length;
  invariant(table.values.length === rows * n, () => `${rows} rows of ${n} features need ${rows * n} values`);
  const from = Math.floor(rows * (1 - heldOut));
  invariant(from >= 2 * leafRows && rows - from >= 2, () => `${rows} rows are too few for leaves of ${leafRows}`);
  const train = Array.from({ length: from }, (_, row) => row);
  const judged = Array.from({ length: rows - from }, (_, k) => from + k);
  const tree = grow(table, target, { rows: train, depth, leafRows });
  const valueAt = (row: number, feature: number): number => table.values[row * n + feature];
  const fidelity = fidelityOf(tree, { table, target, judged, valueAt });
  if (!(fidelity >= fidelityMin)) return { status: 'refused', fidelity, fidelityMin };
  const importance = Object.fromEntries(
    table.features.map((feature, at) => {
      const moved = shuffledBlocks(judged, rng.fork(feature));
      const shuffled = (row: number, other: number): number =>
        other === at ? valueAt(moved.get(row) as number, at) : valueAt(row, other);
      return [feature, fidelity - fidelityOf(tree, { table, target, judged, valueAt: shuffled })];
    }),
  );
  return { status: 'faithful', tree, fidelity, importance };
}

interface Judgement {
  readonly table: FeatureTable;
  readonly target: ArrayLike<number>;
  readonly judged: readonly number[];
  readonly valueAt: (row: number, feature: number) => number;
}

function fidelityOf(tree: TreeNode, { table, target, judged, valueAt }: Judgement): number {
  const mean = judged.reduce((sum, row) => sum + target[row], 0) / judged.length;
  let missed = 0;
  let whole = 0;
  for (const row of judged) {
    let node = tree;
    while (node.kind === 'split') {
      node = valueAt(row, table.features.indexOf(node.feature)) <= node.threshold ? node.low : node.high;
    }
    missed += (target[row] - node.value) ** 2;
    whole += (target[row] - mean) ** 2;
  }
  return whole > 0 ? 1 - missed / whole : NaN;
}

function grow(
  table: FeatureTable,
  target: ArrayLike<number>,
  { rows, depth, leafRows }: { rows: readonly number[]; depth: number; leafRows: number },
): TreeNode {
  const value = rows.reduce((sum, row) => sum + target[row], 0) / rows.length;
  const best = depth === 0 ? undefined : bestSplit(table, target, rows, leafRows);
  if (best === undefined) return { kind: 'leaf', value, rows: rows.length };
  const n = table.features.length;
  const goesLow = (row: number): boolean => table.values[row * n + best.feature] <= best.threshold;
  const side = (low: boolean): TreeNode =>
    grow(table, target, { rows: rows.filter((row) => goesLow(row) === low), depth: depth - 1, leafRows });
  return {
    kind: 'split',
    feature: table.features[best.feature],
    threshold: best.threshold,
    low: side(true),
    high: side(false),
  };
}

/** The question that takes away most of the squared distance to the mean; ties go to the earlier feature and lower threshold. */
function bestSplit(
  { features, values }: FeatureTable,
  target: ArrayLike<number>,
  rows: readonly number[],
  leafRows: number,
): { feature: number; threshold: number } | undefined {
  const total = rows.reduce((sum, row) => sum + target[row], 0);
  let most = 1e-12;
  let best: { feature: number; threshold: number } | undefined;
  for (let feature = 0; feature < features.length; feature++) {
    const at = (row: number): number => values[row * features.length + feature];
    const sorted = [...rows].sort((a, b) => at(a) - at(b) || a - b);
    let sum = 0;
    for (let k = 0; k < sorted.length - 1; k++) {
      sum += target[sorted[k]];
      const count = k + 1;
      const [here, next] = [at(sorted[k]), at(sorted[k + 1])];
      if (here === next || count < leafRows || sorted.length - count < leafRows) continue;
      const rest = total - sum;
      const gain = sum ** 2 / count + rest ** 2 / (sorted.length - count) - total ** 2 / sorted.length;
      if (gain > most + 1e-12) {
        most = gain;
        best = { feature, threshold: (here + next) / 2 };
      }
    }
  }
  return best;
}

/** Another row for each row: whole months change places, so that what follows itself stays together. */
function shuffledBlocks(rows: readonly number[], rng: Rng): Map<number, number> {
  const blocks: number[][] = [];
  for (let k = 0; k < rows.length; k += BLOCK_ROWS) blocks.push(rows.slice(k, k + BLOCK_ROWS));
  for (let k = blocks.length - 1; k > 0; k--) {
    const other = rng.integer(k + 1);
    [blocks[k], blocks[other]] = [blocks[other], blocks[k]];
  }
  const order = blocks.flat();
  return new Map(rows.map((row, k) => [row, order[k]]));
}

/** A tree as questions for people, one line a leaf. */
export function treeSentences(tree: TreeNode, show: (value: number) => string): string[] {
  const walk = (node: TreeNode, conditions: readonly string[]): string[] => {
    if (node.kind === 'leaf') {
      return [`${conditions.length === 0 ? 'always' : `when ${conditions.join(' and ')}`}: ${show(node.value)}`];
    }
    return [
      ...walk(node.low, [...conditions, `${node.feature} is at most ${Number(node.threshold.toPrecision(3))}`]),
      ...walk(node.high, [...conditions, `${node.feature} is above ${Number(node.threshold.toPrecision(3))}`]),
    ];
  };
  return walk(tree, []);
}
