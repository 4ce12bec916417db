import { createRng } from '@allostat/kernel';
import { solveQuadraticProgram, type LinearRow } from './dual-active-set';

function evaluate(row: LinearRow, x: Float64Array): number {
  return row.indices.reduce((sum, index, k) => sum + row.coefficients[k] * x[index], 0);
}

describe('solveQuadraticProgram', () => {
  it('satisfies the optimality conditions on 300 random problems', () => {
    const rng = createRng(21);
    for (let trial = 0; trial < 300; trial++) {
      const n = 2 + rng.integer(9);
      const hessian = Float64Array.from({ length: n }, () => 0.2 + rng.uniform());
      const cost = Float64Array.from({ length: n }, () => rng.normal());
      const indices = Array.from({ length: n }, (_, i) => i);
      const inside = indices.map(() => rng.uniform());
      const inequalities = Array.from({ length: 2 * n }, () => {
        const coefficients = indices.map(() => rng.normal());
        const bound = coefficients.reduce((sum, c, i) => sum + c * inside[i], 0) - rng.uniform() * 0.2;
        return { indices, coefficients, bound };
      });
      const equalities = [{ indices, coefficients: indices.map(() => 1), bound: inside.reduce((a, b) => a + b, 0) }];
      const solution = solveQuadraticProgram({ hessian, cost, equalities, inequalities });
      if (solution.status !== 'optimal') throw new Error('a feasible problem was called infeasible');
      const { x, multipliers } = solution;
      const rows = [...equalities, ...inequalities];
      const gradient = x.map((value, i) => hessian[i] * value + cost[i]);
      rows.forEach((row, k) => row.coefficients.forEach((c, i) => (gradient[i] -= multipliers[k] * c)));
      gradient.forEach((value) => expect(Math.abs(value)).toBeLessThan(1e-9));
      expect(Math.abs(evaluate(rows[0], x) - rows[0].bound)).toBeLessThan(1e-10);
      inequalities.forEach((row, k) => {
        const slack = evaluate(row, x) - row.bound;
        expect(slack).toBeGreaterThan(-1e-10);
        expect(multipliers[k + 1]).toBeGreaterThanOrEqual(0);
        expect(Math.abs(slack * multipliers[k + 1])).toBeLessThan(1e-9);
      });
    }
  });

  it('names rows that exclude each other', () => {
    const solution = solveQuadraticProgram({
      hessian: Float64Array.of(1, 1, 1),
      cost: new Float64Array(3),
      equalities: [{ indices: [0, 1, 2], coefficients: [1, 1, 1], bound: 1 }],
      inequalities: [
        { indices: [2], coefficients: [1], bound: 0 },
        { indices: [0], coefficients: [1], bound: 0.7 },
        { indices: [1], coefficients: [1], bound: 0.6 },
        { indices: [1], coefficients: [-1], bound: -0.9 },
      ],
    });
    expect(solution).toMatchObject({ status: 'infeasible', rows: [0, 1, 2, 3] });
  });
});
