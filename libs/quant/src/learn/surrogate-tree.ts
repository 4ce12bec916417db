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
  /** Neighbouring rows that are judged together, and stay together when a feature is shuffled; default 21. */
  readonly blockRows?: number;
  /** Blocks are dealt out to so many folds, each judged by a tree that has not seen it; default 5. */
  readonly folds?: number;
  /** Rows before and after a judged block that its tree has not seen either; default 0. */
  readonly gapRows?: number;
  /** Fidelity below which the tree is refused; default 0.7. */
  readonly fidelityMin?: number;
  /** How often each feature is shuffled; its importance is the mean loss. Default 1. */
  readonly shuffles?: number;
  readonly rng: Rng;
}

export type Surrogate =
  | {
      readonly status: 'faithful';
      /** Grown on all rows. */
      readonly tree: TreeNode;
      /** Share of the variance of the rows that trees reproduce which have not seen them. */
      readonly fidelity: number;
      /** Loss of fidelity when a feature's values are shuffled in blocks. */
      readonly importance: Readonly<Record<string, number>>;
    }
  | {
      readonly status: 'refused';
      /** NaN when what is imitated does not vary. */
      readonly fidelity: number;
      readonly fidelityMin: number;
    };

/**
 * A small regression tree that imitates a rule, to be read by people: least squares, split by split (Breiman et al., 1984). It is
 * judged by purged cross-validation in blocks (Lopez de Prado, 2018): each block by a tree that has seen neither it nor its neighbours.
 * It is refused when it does not imitate well: a wrong explanation is worse than none. Importance is that of permutation
 * (Breiman, 2001), on rows that a tree has not seen.
 */
export function surrogateTree(
  table: FeatureTable,
  target: ArrayLike<number>,
  {
    depth = 3,
    leafRows = 20,
    blockRows = 21,
    folds = 5,
    gapRows = 0,
    fidelityMin = 0.7,
    shuffles = 1,
    rng,
  }: SurrogateOptions,
): Surrogate {
  const n = table.features.length;
  const count = target.length;
  invariant(table.values.length === count * n, () => `${count} rows of ${n} features need ${count * n} values`);
  invariant(folds >= 2, () => `rows are judged in at least 2 folds, got ${folds}`);
  const rows = Array.from({ length: count }, (_, row) => row);
  const foldOf = (row: number): number => Math.floor(row / blockRows) % folds;
  const trees = Array.from({ length: folds }, (_, fold) => {
    const seen = rows.filter((row) => {
      for (let near = row - gapRows; near <= row + gapRows; near++) {
        if (near >= 0 && near < count && foldOf(near) === fold) return false;
      }
      return true;
    });
    invariant(seen.length >= 2 * leafRows, () => `${count} rows are too few for leaves of ${leafRows}`);
    return grow(table, target, { rows: seen, depth, leafRows });
  });
  const valueAt = (row: number, feature: number): number => table.values[row * n + feature];
  const judge = (at: Judgement['valueAt']): number =>
    fidelityOf((row) => trees[foldOf(row)], { table, target, judged: rows, valueAt: at });
  const fidelity = judge(valueAt);
  if (!(fidelity >= fidelityMin)) return { status: 'refused', fidelity, fidelityMin };
  const importance = Object.fromEntries(
    table.features.map((feature, at) => {
      const stream = rng.fork(feature);
      let lost = 0;
      for (let k = 0; k < shuffles; k++) {
        const moved = shuffledBlocks(rows, blockRows, stream);
        lost += fidelity - judge((row, other) => valueAt(other === at ? (moved.get(row) as number) : row, other));
      }
      return [feature, lost / shuffles];
    }),
  );
  return { status: 'faithful', tree: grow(table, target, { rows, depth, leafRows }), fidelity, importance };
}

interface Judgement {
  readonly table: FeatureTable;
  readonly target: ArrayLike<number>;
  readonly judged: readonly number[];
  readonly valueAt: (row: number, feature: number) => number;
}

function fidelityOf(treeOf: (row: number) => TreeNode, { table, target, judged, valueAt }: Judgement): number {
  const mean = judged.reduce((sum, row) => sum + target[row], 0) / judged.length;
  let missed = 0;
  let whole = 0;
  for (const row of judged) {
    let node = treeOf(row);
    while (node.kind === 'split') {
      node = valueAt(row, table.features.indexOf(node.feature)) <= node.threshold ? node.low : node.high;
    }
    const [off, spread] = [target[row] - node.value, target[row] - mean];
    missed += off * off;
    whole += spread * spread;
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
      const gain = (sum * sum) / count + (rest * rest) / (sorted.length - count) - (total * total) / sorted.length;
      if (gain > most + 1e-12) {
        most = gain;
        best = { feature, threshold: (here + next) / 2 };
      }
    }
  }
  return best;
}

/** Another row for each row: whole blocks change places, so that what follows itself stays together. */
function shuffledBlocks(rows: readonly number[], blockRows: number, rng: Rng): Map<number, number> {
  const blocks: number[][] = [];
  for (let k = 0; k < rows.length; k += blockRows) blocks.push(rows.slice(k, k + blockRows));
  for (let k = blocks.length - 1; k > 0; k--) {
    const other = rng.integer(k + 1);
    [blocks[k], blocks[other]] = [blocks[other], blocks[k]];
  }
  const order = blocks.flat();
  return new Map(rows.map((row, k) => [row, order[k]]));
}
