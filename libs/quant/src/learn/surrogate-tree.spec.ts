import { createRng } from '@allostat/kernel';
import { surrogateTree, type FeatureTable } from './surrogate-tree';

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
  });

  it('is refused when it does not imitate the rule on rows that it has not seen', () => {
    const chance = Float64Array.from({ length: rows }, () => rng.normal());
    expect(surrogateTree(table, chance, { rng: createRng(1) })).toMatchObject({ status: 'refused', fidelityMin: 0.7 });
  });

  it('is judged by trees that have not seen the rows nor their neighbours', () => {
    // a rule that holds in one block alone: a tree that had seen a part of it would imitate the rest
    const values = Float64Array.from(
      { length: 200 },
      (_, row) => (row >= 84 && row < 105 ? 1 : 0) + 1e-3 * rng.uniform(),
    );
    const once = Float64Array.from(values, (value) => (value > 0.5 ? 1 : 0));
    const judge = (gapRows: number, blockRows: number): number =>
      surrogateTree({ features: ['x'], values }, once, { rng: createRng(1), leafRows: 5, gapRows, blockRows }).fidelity;
    expect(judge(0, 21)).toBeLessThan(0.1);
    expect(judge(0, 5)).toBeGreaterThan(0.9);
    // with ten rows of distance nothing is left to grow from
    expect(() => judge(10, 5)).toThrow('200 rows are too few');
  });
});
