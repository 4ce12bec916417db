import { createRng } from './random';

const moments = (draw: () => number, n: number): { mean: number; variance: number } => {
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    const x = draw();
    sum += x;
    squares += x * x;
  }
  return { mean: sum / n, variance: squares / n - (sum / n) ** 2 };
};

describe('createRng', () => {
  it('gives the same stream for the same seed and another for another seed or name', () => {
    const draw = (seed: number, name: string) => Array.from({ length: 8 }, createRng(seed, name).uniform);
    expect(draw(7, 'a')).toEqual(draw(7, 'a'));
    expect(draw(7, 'a')).not.toEqual(draw(8, 'a'));
    expect(draw(7, 'a')).not.toEqual(draw(7, 'b'));
  });

  it('has the moments of the distributions it names', () => {
    const rng = createRng(42);
    const uniform = moments(rng.uniform, 200_000);
    expect(uniform.mean).toBeCloseTo(0.5, 2);
    expect(uniform.variance).toBeCloseTo(1 / 12, 2);
    const normal = moments(rng.normal, 200_000);
    expect(normal.mean).toBeCloseTo(0, 1);
    expect(normal.variance).toBeCloseTo(1, 1);
    const gamma = moments(() => rng.gamma(3), 200_000);
    expect(gamma.mean).toBeCloseTo(3, 1);
    const t = moments(() => rng.studentT(8), 200_000);
    expect(t.variance).toBeCloseTo(8 / 6, 1);
  });
});
