import { createRng } from '@allostat/kernel';
import { returnPanel } from '../linalg/return-panel';
import { adjustedRand } from './adjusted-rand';
import { coMovementDistance, coMovements } from './co-movement';
import { cutTree } from './cut-tree';
import { hierarchicalLinkage } from './linkage';
import { averageRanks, kendallTau } from './rank-correlation';
import { regimeTrees } from './regime-trees';

const rng = createRng(12);
const panel = returnPanel(
  ['A', 'B', 'C', 'D'],
  Array.from({ length: 300 }).flatMap(() => {
    const x = rng.normal();
    const y = rng.normal();
    return [x, x + 0.3 * rng.normal(), y, y + 0.3 * rng.normal()].map((value) => 0.01 * value);
  }),
);

describe('coMovementDistance', () => {
  it.each(coMovements)('%s finds the two planted pairs', (kind) => {
    const d = coMovementDistance(panel, kind);
    const labels = cutTree(hierarchicalLinkage(d, 4, 'average'), 2);
    expect(Array.from(labels)).toEqual([0, 0, 1, 1]);
    d.forEach((value) => expect(value >= 0 && value <= 1).toBe(true));
  });
});

describe('kendallTau', () => {
  it('equals the count over all pairs, ties included', () => {
    const x = Float64Array.from({ length: 60 }, () => rng.integer(8));
    const y = Float64Array.from({ length: 60 }, () => rng.integer(8));
    let concordant = 0;
    let tiesX = 0;
    let tiesY = 0;
    for (let i = 0; i < 60; i++) {
      for (let j = 0; j < i; j++) {
        concordant += Math.sign(x[i] - x[j]) * Math.sign(y[i] - y[j]);
        if (x[i] === x[j]) tiesX++;
        if (y[i] === y[j]) tiesY++;
      }
    }
    expect(kendallTau(x, y)).toBeCloseTo(concordant / Math.sqrt((1770 - tiesX) * (1770 - tiesY)), 12);
    expect(Array.from(averageRanks(Float64Array.of(3, 1, 3, 2)))).toEqual([3.5, 1, 3.5, 2]);
  });
});

describe('adjustedRand', () => {
  it('is 1 for the same partition under other names and known for a mixed one', () => {
    expect(adjustedRand([0, 0, 1, 1], [5, 5, 2, 2])).toBe(1);
    expect(adjustedRand([0, 0, 1, 2], [0, 0, 1, 1])).toBeCloseTo(0.5714285714285714, 14);
  });
});

describe('regimeTrees', () => {
  it('shows that assets group differently when correlations move', () => {
    const block = (pairs: [number, number][]): Float64Array => {
      const values = new Float64Array(16).fill(0.1);
      for (let i = 0; i < 4; i++) values[i * 5] = 1;
      for (const [i, j] of pairs) values[i * 4 + j] = values[j * 4 + i] = 0.9;
      return values;
    };
    const assets = ['A', 'B', 'C', 'D'];
    const { agreement } = regimeTrees(
      [
        {
          regime: 'expansion',
          covariance: {
            assets,
            values: block([
              [0, 1],
              [2, 3],
            ]),
          },
        },
        {
          regime: 'crisis',
          covariance: {
            assets,
            values: block([
              [0, 2],
              [1, 3],
            ]),
          },
        },
      ],
      { clusters: 2 },
    );
    expect(agreement[0][0]).toBe(1);
    expect(agreement[0][1]).toBeLessThan(0);
  });
});
