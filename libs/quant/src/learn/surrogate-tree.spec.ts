import { createRng } from '@allostat/kernel';
import { surrogateTree, treeSentences, type FeatureTable } from './surrogate-tree';

const rng = createRng(6);
const rows = 900;
const features = ['drawdown', 'volatility', 'noise'];
const table: FeatureTable = {
  features,
  values: Float64Array.from({ length: rows * 3 }, () => rng.uniform()),
};
const at = (row: number, feature: number): number => table.values[row * 3 + feature];
/** A rule with two questions: half when drawdown is above .6, else one less half the volatility where that is above .5. */
const rule = Float64Array.from({ length: rows }, (_, row) => (at(row, 0) > 0.6 ? 0.5 : at(row, 1) > 0.5 ? 0.75 : 1));

describe('a surrogate tree', () => {
  it('finds the questions of a rule that a tree can say', () => {
    const found = surrogateTree(table, rule, { rng: createRng(1) });
    if (found.status !== 'faithful') throw new Error(found.status);
    expect(found.fidelity).toBeGreaterThan(0.97);
    if (found.tree.kind !== 'split' || found.tree.low.kind !== 'split') throw new Error('no split');
    expect(found.tree.feature).toBe('drawdown');
    expect(found.tree.threshold).toBeCloseTo(0.6, 1);
    expect(found.tree.low.feature).toBe('volatility');
    expect(found.importance.drawdown).toBeGreaterThan(found.importance.volatility);
    expect(found.importance.volatility).toBeGreaterThan(0.1);
    expect(Math.abs(found.importance.noise)).toBeLessThan(0.01);
    expect(treeSentences(found.tree, (value) => value.toFixed(2))[0]).toMatch(
      /^when drawdown is at most 0\.6\d* and volatility/,
    );
  });

  it('is refused when it does not imitate the rule on rows that it has not seen', () => {
    const chance = Float64Array.from({ length: rows }, () => rng.normal());
    expect(surrogateTree(table, chance, { rng: createRng(1) })).toMatchObject({ status: 'refused', fidelityMin: 0.7 });
  });

  it('does not depend on the rows that judge it', () => {
    const changed = rule.map((value, row) => (row >= 630 ? -value : value));
    const one = surrogateTree(table, rule, { rng: createRng(1), fidelityMin: -Infinity });
    const other = surrogateTree(table, changed, { rng: createRng(1), fidelityMin: -Infinity });
    if (one.status !== 'faithful' || other.status !== 'faithful') throw new Error('refused');
    expect(other.tree).toEqual(one.tree);
  });
});
