import { createRng } from '@allostat/kernel';
import { surrogateTree, type TreeNode } from '@allostat/quant';
import { SURROGATE_FEATURES, type ExposureSurrogate, type SurrogateFeature, type SurrogateNode } from './events';
import type { ExposureRecord } from './exposure-record';

/** Decisions below which no tree is made: some fifteen months. */
const SURROGATE_ROWS_MIN = 60;

/** Share of the variance of decisions it has not seen that a tree must reproduce. */
const FIDELITY_MIN = 0.7;

/** Decisions are every fifth bar: blocks of eight weeks, judged with four weeks on either side unseen. */
const OPTIONS = { depth: 3, leafRows: 5, blockRows: 8, folds: 5, gapRows: 4, shuffles: 20 } as const;

/** The shuffles of a feature are the same for everybody who makes the tree again. */
const SEED = 20240229;

/**
 * The rule that a mandate's own decisions seem to follow, as a small tree: judged by how trees that have not seen a block of decisions,
 * nor the weeks around it, imitate them, and refused when they do not imitate well. It uses the record alone, so decisions after its last
 * row cannot change it.
 */
export function exposureSurrogate({ rows = [] }: ExposureRecord): ExposureSurrogate {
  const facts = { rows: rows.length, ...(rows.length > 0 && { asOf: rows[rows.length - 1].asOf }) };
  const refused = { ...facts, status: 'refused', fidelityMin: FIDELITY_MIN } as const;
  if (rows.length < SURROGATE_ROWS_MIN) return { ...refused, reason: 'too-few-decisions' };
  const features = SURROGATE_FEATURES.filter((name) => {
    const [first] = rows;
    return (
      rows.every(({ features: known }) => known[name] !== undefined) &&
      rows.some(({ features: known }) => known[name] !== first.features[name])
    );
  });
  const values = Float64Array.from(rows.flatMap((row) => features.map((name) => row.features[name] as number)));
  const found = surrogateTree(
    { features, values },
    rows.map(({ decided }) => decided),
    { ...OPTIONS, fidelityMin: FIDELITY_MIN, rng: createRng(SEED) },
  );
  const { fidelity } = found;
  if (Number.isNaN(fidelity)) return { ...refused, reason: 'nothing-to-imitate' };
  if (found.status === 'refused') return { ...refused, fidelity, reason: 'not-faithful' };
  return {
    ...facts,
    status: 'faithful',
    fidelity,
    fidelityMin: FIDELITY_MIN,
    nodes: nodesOf(found.tree),
    importance: Object.entries(found.importance)
      .map(([feature, loss]) => ({ feature: feature as SurrogateFeature, loss }))
      .sort((a, b) => b.loss - a.loss || (a.feature < b.feature ? -1 : 1)),
  };
}

/** A tree as a list, its root first; branches point to places in it. */
function nodesOf(tree: TreeNode): SurrogateNode[] {
  const nodes: SurrogateNode[] = [];
  const add = (node: TreeNode): number => {
    const at = nodes.length;
    if (node.kind === 'leaf') {
      nodes.push({ kind: 'leaf', value: node.value, rows: node.rows });
      return at;
    }
    const { feature, threshold } = node;
    nodes.push({ kind: 'leaf', value: NaN, rows: 0 }); // its place; the branches come behind it
    const low = add(node.low);
    const high = add(node.high);
    nodes[at] = { kind: 'split', feature: feature as SurrogateFeature, threshold, low, high };
    return at;
  };
  add(tree);
  return nodes;
}

/** What a tree says of a bar: the questions that were asked on the way, and the answer at its end; `undefined` when one cannot be asked. */
export function askSurrogate(
  nodes: readonly SurrogateNode[],
  known: Readonly<Partial<Record<SurrogateFeature, number>>>,
): { readonly value: number; readonly path: readonly SurrogateAnswer[] } | undefined {
  const path: SurrogateAnswer[] = [];
  for (let at = 0; path.length <= nodes.length;) {
    const node = nodes[at] as SurrogateNode | undefined;
    if (node === undefined) return undefined;
    if (node.kind === 'leaf') return { value: node.value, path };
    const value = known[node.feature];
    if (value === undefined) return undefined;
    const above = value > node.threshold;
    path.push({ feature: node.feature, above, threshold: node.threshold });
    at = above ? node.high : node.low;
  }
  return undefined;
}

interface SurrogateAnswer {
  readonly feature: SurrogateFeature;
  readonly above: boolean;
  readonly threshold: number;
}
