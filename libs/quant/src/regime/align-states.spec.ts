import { createRng } from '@allostat/kernel';
import { alignStates, assignRows } from './align-states';

const totalOf = (cost: readonly (readonly number[])[], columns: readonly number[]): number =>
  columns.reduce((sum, column, row) => sum + cost[row][column], 0);

function permutations(n: number): number[][] {
  if (n === 0) return [[]];
  return permutations(n - 1).flatMap((rest) =>
    Array.from({ length: n }, (_, at) => [...rest.slice(0, at), n - 1, ...rest.slice(at)]),
  );
}

describe('assignRows', () => {
  it('gives the assignment of the manual of scipy (linear_sum_assignment)', () => {
    const cost = [
      [4, 1, 3],
      [2, 0, 5],
      [3, 2, 2],
    ];
    expect(assignRows(cost)).toEqual([1, 0, 2]);
  });

  it('is never dearer than any other assignment', () => {
    const rng = createRng(3);
    for (let round = 0; round < 60; round++) {
      const n = 1 + (round % 6);
      const cost = Array.from({ length: n }, () => Array.from({ length: n }, () => Math.round(20 * rng.normal())));
      const best = Math.min(...permutations(n).map((columns) => totalOf(cost, columns)));
      expect(totalOf(cost, assignRows(cost))).toBe(best);
    }
  });

  it('refuses costs that are no square of numbers', () => {
    expect(() => assignRows([[1, 2]])).toThrow(/square/);
    expect(() => assignRows([[NaN]])).toThrow(/finite/);
  });
});

describe('alignStates', () => {
  it('finds a shuffled order again, and says how many bars agree', () => {
    const before = [0, 0, 0, 1, 1, 2, 2, 2, 2, 0];
    const after = [2, 2, 2, 0, 0, 1, 1, 1, 1, 1];
    expect(alignStates(before, after, { before: 3, after: 3 })).toEqual({ becomes: [2, 0, 1], agreement: 0.9 });
  });

  it('leaves the state that is least like any of a smaller model without a successor', () => {
    const aligned = alignStates([0, 0, 1, 1, 2], [0, 0, 1, 1, 1], { before: 3, after: 2 });
    expect(aligned).toEqual({ becomes: [0, 1, undefined], agreement: 0.8 });
  });
});
