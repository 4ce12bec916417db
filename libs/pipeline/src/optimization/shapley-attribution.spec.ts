import { shapleyAttribution } from './shapley-attribution';

describe('the attribution', () => {
  it('gives the textbook shares of the glove game', () => {
    // two left gloves, one right glove: a pair is worth 1; the right glove is worth 2/3 (Shapley 1953, as in Osborne and Rubinstein)
    const value = (on: ReadonlySet<string>): Float64Array =>
      Float64Array.of(on.has('right') && (on.has('left1') || on.has('left2')) ? 1 : 0);
    const shares = shapleyAttribution<string>(['left1', 'left2', 'right'], value);
    const found = ['left1', 'left2', 'right'].map((name) => (shares.get(name) as Float64Array)[0]);
    [1 / 6, 1 / 6, 2 / 3].forEach((share, i) => expect(found[i]).toBeCloseTo(share, 15));
  });

  it('sums to the whole change and does not depend on the order of drivers', () => {
    const factor: Record<string, number> = { a: 0.7, b: 1.3, c: 0.6, d: 0.9 };
    const value = (on: ReadonlySet<string>): Float64Array =>
      Float64Array.of(
        [...on].reduce((product, name) => product * factor[name], 1),
        on.has('a') && on.has('d') ? 2 : 1,
      );
    const one = shapleyAttribution<string>(['a', 'b', 'c', 'd'], value);
    const other = shapleyAttribution<string>(['d', 'b', 'a', 'c'], value);
    for (const i of [0, 1]) {
      const sum = [...one.values()].reduce((total, part) => total + part[i], 0);
      const whole = value(new Set(['a', 'b', 'c', 'd']))[i] - value(new Set())[i];
      expect(Math.abs(sum - whole)).toBeLessThan(1e-15);
      for (const [name, part] of one) expect((other.get(name) as Float64Array)[i]).toBeCloseTo(part[i], 14);
    }
  });
});
