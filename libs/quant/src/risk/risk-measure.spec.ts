import { createRng } from '@allostat/kernel';
import { isHomogeneous, measureRisk, riskMeasureOf, riskMeasures } from './risk-measure';
import { riskContributions } from './risk-contributions';

const rng = createRng(4);
const series = Float64Array.from({ length: 250 }, () => 0.0003 + 0.01 * rng.studentT(5));

describe('measureRisk', () => {
  it.each(riskMeasures.filter((measure) => isHomogeneous(measure)))(
    '%s is the sum of sensitivity times return',
    (measure) => {
      const { value, sensitivity } = measureRisk(series, measure);
      const sum = sensitivity.reduce((acc, part, t) => acc + part * series[t], 0);
      expect(sum).toBeCloseTo(value, 9);
      expect(
        riskMeasureOf(
          series.map((r) => 3 * r),
          measure,
        ),
      ).toBeCloseTo(3 * value, 9);
    },
  );

  it.each(['variance', 'evar', 'ulcer-index', 'semi-deviation', 'volatility', 'tail-gini'] as const)(
    '%s has the slope that finite differences show',
    (measure) => {
      const { sensitivity } = measureRisk(series, measure);
      for (const t of [3, 77, 200]) {
        const step = 1e-7;
        const up = series.slice();
        const down = series.slice();
        up[t] += step;
        down[t] -= step;
        const slope = (riskMeasureOf(up, measure) - riskMeasureOf(down, measure)) / (2 * step);
        expect(sensitivity[t]).toBeCloseTo(slope, 5);
      }
    },
  );

  it('measures a compounded drawdown by the value lost since the peak', () => {
    expect(riskMeasureOf([0.1, -0.5, 0.2], 'maximum-drawdown', { compounded: true })).toBeCloseTo(0.5, 14);
    expect(riskMeasureOf([-0.1, 0.05], 'maximum-drawdown')).toBeCloseTo(0.1, 14);
  });

  it('orders the tail measures: value at risk, CVaR, EVaR, worst', () => {
    const values = (['value-at-risk', 'cvar', 'evar', 'worst-realisation'] as const).map((m) =>
      riskMeasureOf(series, m),
    );
    for (let k = 1; k < values.length; k++) expect(values[k]).toBeGreaterThanOrEqual(values[k - 1]);
  });

  it('refuses a confidence below one half with a hint at the convention', () => {
    expect(() => riskMeasureOf(series, 'cvar', { confidence: 0.05 })).toThrow('0.95 for the worst 5 percent');
  });
});

describe('riskContributions', () => {
  it('sum to 1 and give the volatility', () => {
    const covariance = { assets: ['A', 'B'], values: Float64Array.of(0.04, 0.006, 0.006, 0.09) };
    const { volatility, contributions } = riskContributions([0.5, 0.5], covariance);
    expect(volatility).toBeCloseTo(Math.sqrt(0.0355), 14);
    expect(contributions[0] + contributions[1]).toBeCloseTo(1, 14);
    expect(contributions[0]).toBeCloseTo((0.5 * (0.02 + 0.003)) / 0.0355, 14);
  });
});
