import fc from 'fast-check';
import { roundWeights } from './round-weights';

it('gives weights of eight decimals that sum to exactly one, each within a unit of what was asked', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 1e-9, max: 1, noNaN: true }), { minLength: 1, maxLength: 60 }), (raw) => {
      const sum = raw.reduce((total, value) => total + value, 0);
      const weights = new Map(raw.map((value, i) => [`A${i}`, value / sum]));
      const rounded = roundWeights(weights);
      let units = 0;
      for (const [id, weight] of rounded) {
        units += Math.round(weight * 1e8);
        expect(Math.abs(weight - weights.get(id)!)).toBeLessThanOrEqual(1.0001e-8);
      }
      expect(units).toBe(1e8);
    }),
  );
});

it('refuses weights that are not a portfolio', () => {
  expect(() => roundWeights(new Map([['A', 0.5]]))).toThrow(/sum to 1/);
});
