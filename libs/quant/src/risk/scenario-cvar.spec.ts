import { createRng } from '@allostat/kernel';
import { measureRisk } from './risk-measure';
import { scenarioCvar } from './scenario-cvar';

describe('the tail of weighted scenarios', () => {
  it('equals the mean of the worst returns when all weigh the same, with the part of the scenario at the edge', () => {
    const rng = createRng(3);
    const returns = Float64Array.from({ length: 333 }, () => rng.normal());
    for (const confidence of [0.9, 0.95, 0.99]) {
      const equal = new Float64Array(333).fill(1);
      expect(scenarioCvar(returns, equal, confidence)).toBeCloseTo(
        measureRisk(returns, 'cvar', { confidence }).value,
        12,
      );
    }
  });

  it('counts a scenario by its probability: the example of Rockafellar and Uryasev, loss 100 with 4 percent and 50 with 6 percent', () => {
    // worst tenth of probability: 0.04 of 100 and 0.06 of 50 -> (4 + 3) / 0.1 = 70
    expect(scenarioCvar([-100, -50, 0], [0.04, 0.06, 0.9], 0.9)).toBeCloseTo(70, 12);
    // worst twentieth: 0.04 of 100 and 0.01 of 50 -> (4 + 0.5) / 0.05 = 90
    expect(scenarioCvar([-100, -50, 0], [0.04, 0.06, 0.9], 0.95)).toBeCloseTo(90, 12);
    expect(scenarioCvar([0, -100, -50], [90, 4, 6], 0.95)).toBeCloseTo(90, 12);
  });

  it('refuses probabilities that are all zero', () => {
    expect(() => scenarioCvar([1, 2], [0, 0])).toThrow(/must not all be zero/);
  });
});
