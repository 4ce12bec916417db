import { assetMatrix } from '@allostat/quant';
import { signalReturns } from './expected-returns';

const views = { riskAversion: 3, informationCoefficient: 0.05, confidence: 0.25 };

describe('expected returns', () => {
  const covariance = assetMatrix(['A', 'B'], [0.04, 0.006, 0.006, 0.01]);
  const facts = { covariance, core: Float64Array.of(0.6, 0.4), trend: [0.5, -0.2] };

  it('are the prior plus one part a signal, each linear in it', () => {
    const fused = {
      proxy: 'A',
      parts: [
        { name: 'momentum', contribution: 0.4 },
        { name: 'macro', contribution: -0.1 },
      ],
    };
    const found = signalReturns(views, { ...facts, fused });
    found.prior.forEach((value, i) => {
      expect(value).toBeCloseTo(3 * [0.04 * 0.6 + 0.006 * 0.4, 0.006 * 0.6 + 0.01 * 0.4][i], 15);
    });
    expect(found.parts.map(({ signal }) => signal)).toEqual(['trend', 'momentum', 'macro']);
    found.expected.forEach((value, i) => {
      expect(value).toBeCloseTo(
        found.parts.reduce((sum, { change }) => sum + change[i], found.prior[i]),
        15,
      );
    });
    const [, momentum, macro] = found.parts;
    momentum.change.forEach((value, i) => expect(value).toBeCloseTo(-4 * macro.change[i], 12));
    expect(momentum.change[0]).toBeGreaterThan(0);
  });

  it('are moved less the less a view is trusted, and not at all by signals of no information', () => {
    const size = (confidence: number): number =>
      Math.abs(signalReturns({ ...views, confidence }, facts).parts[0].change[0]);
    expect(size(0.1)).toBeLessThan(size(0.5));
    expect(size(0.5)).toBeLessThan(size(1));
    // full trust in one view alone is the view itself: information coefficient x volatility x trend
    const one = signalReturns({ ...views, confidence: 1 }, { ...facts, trend: [0.5, 0] });
    expect(one.parts[0].change[0]).toBeCloseTo(0.05 * 0.2 * 0.5, 12);
    const none = signalReturns({ ...views, informationCoefficient: 0 }, facts);
    expect(Math.max(...Array.from(none.parts[0].change, Math.abs))).toBeLessThan(1e-15);
  });
});
