import { createRng } from '@allostat/kernel';
import { measureRisk, mixtureMoments, regimeConditionalMoments, symmetricEigen } from '@allostat/quant';
import { REGIME_NAMES, type RegimeProbabilities } from '../regime-detection/events';
import { completeScenarios, coreTail, regimeCovariance } from './regime-risk';
import { estimateRiskModel, initialRiskModelState, type RiskModel, type RiskModelState } from './risk-model';
import { scenarioWeights } from './scenario-window';

const ids = ['A', 'B', 'C', 'LATE'];
const rows = 1200;
const calm: RegimeProbabilities = { expansion: 0.9, tightening: 0.1, crisis: 0, recovery: 0 };
const storm: RegimeProbabilities = { expansion: 0, tightening: 0.05, crisis: 0.95, recovery: 0 };
const stormy = (t: number): boolean => t >= 200 && t < 300;
const rng = createRng(21);
/** The storm is three times as wild, and all fall together. */
const moves = Array.from({ length: rows }, (_, t) => {
  const common = rng.normal();
  return [0.01, 0.006, 0.004, 0.008].map((s) =>
    stormy(t) ? -0.004 + 3 * s * (0.8 * common + 0.6 * rng.normal()) : s * rng.normal(),
  );
});

function run(until: number, { byRegime = true, late = 500 } = {}): RiskModel {
  let state: RiskModelState = initialRiskModelState();
  let model: RiskModel | undefined;
  for (let t = 0; t < until; t++) {
    const instruments = ids.map((id, i) => ({
      id,
      close: 1,
      staleBars: 0,
      ...(id === 'LATE' && t < late ? {} : { return: moves[t][i] }),
    }));
    const bar = { universeId: 'u', asOf: '2024-01-01', instruments, probabilities: stormy(t) ? storm : calm };
    ({ state, model } = estimateRiskModel(bar, state, { byRegime }));
  }
  return model as RiskModel;
}

const model = run(rows);

describe('moments by regime', () => {
  it('are the weighted moments of the same panel, pulled to those of the whole past by 252 bars', () => {
    const full = run(rows, { late: 0 });
    const panel = { assets: ids, periods: rows, values: Float64Array.from(moves.flat()) };
    const all = regimeConditionalMoments(panel, new Float64Array(rows).fill(1));
    REGIME_NAMES.forEach((name, k) => {
      const weights = Float64Array.from({ length: rows }, (_, t) => (stormy(t) ? storm : calm)[name]);
      const seen = weights.reduce((sum, w) => sum + w, 0);
      const own = seen > 0 ? regimeConditionalMoments(panel, weights) : all;
      const found = full.regimes?.moments[k];
      own.covariance.values.forEach((value, e) => {
        const expected = (seen * value + 252 * all.covariance.values[e]) / (seen + 252);
        expect(found?.covariance[e]).toBeCloseTo(expected, 12);
      });
      own.mean.forEach((value, i) =>
        expect(found?.mean[i]).toBeCloseTo((seen * value + 252 * all.mean[i]) / (seen + 252), 12),
      );
    });
    const [blend] = [{ expansion: 0.5, tightening: 0.1, crisis: 0.3, recovery: 0.1 }];
    const mixture = mixtureMoments(
      (full.regimes?.moments ?? []).map(({ mean, covariance }) => ({
        mean: Float64Array.from(mean),
        covariance: { assets: ids, values: Float64Array.from(covariance) },
      })),
      REGIME_NAMES.map((name) => blend[name]),
    );
    regimeCovariance(full, blend).values.forEach((value, e) =>
      expect(value).toBeCloseTo(252 * mixture.covariance.values[e], 12),
    );
  });

  it('give more risk and more correlation when the forecast is a crisis, and stay positive semi-definite with ragged histories', () => {
    const quiet = regimeCovariance(model, calm);
    const wild = regimeCovariance(model, storm);
    expect(wild.values[0]).toBeGreaterThan(1.5 * quiet.values[0]);
    const correlation = ({ values }: { values: Float64Array }): number =>
      values[1] / Math.sqrt(values[0] * values[ids.length + 1]);
    expect(correlation(wild)).toBeGreaterThan(correlation(quiet) + 0.1);
    for (const { values } of [quiet, wild]) {
      expect(symmetricEigen(values, ids.length).values.at(-1)).toBeGreaterThan(-1e-15);
    }
  });

  it('know only the past: bars that come later change nothing', () => {
    const early = run(700);
    const again = run(700);
    expect(again).toEqual(early);
    expect(early.regimes?.moments).not.toEqual(model.regimes?.moments);
  });

  it('are left out until a mandate asks for them, and then say so', () => {
    const plain = run(300, { byRegime: false });
    expect(plain.regimes).toBeUndefined();
    expect(() => regimeCovariance(plain, calm)).toThrow(/estimated without regimes/);
  });
});

describe('scenarios', () => {
  it('keep the worst old bars after the recent ones have moved on', () => {
    const { scenarios } = model.regimes as NonNullable<RiskModel['regimes']>;
    expect(scenarios.returns).toHaveLength(504 + 21);
    expect(scenarios.stressed).toBe(21);
    const means = moves.map((row, t) => {
      const known = t < 500 ? row.slice(0, 3) : row;
      return known.reduce((sum, value) => sum + value, 0) / known.length;
    });
    const worst = means
      .slice(0, rows - 504)
      .map((mean, t) => ({ mean, t }))
      .sort((a, b) => a.mean - b.mean)
      .slice(0, 21)
      .sort((a, b) => a.t - b.t);
    expect(scenarios.returns.slice(0, 21).map((row) => row[0])).toEqual(worst.map(({ t }) => moves[t][0]));
  });

  it('weigh what happened in the regime that is forecast', () => {
    const { scenarios } = model.regimes as NonNullable<RiskModel['regimes']>;
    const quiet = scenarioWeights(scenarios, calm);
    const wild = scenarioWeights(scenarios, storm);
    for (const weights of [quiet, wild]) expect(weights.reduce((sum, w) => sum + w, 0)).toBeCloseTo(1, 12);
    const onStress = (weights: Float64Array): number => weights.slice(0, 21).reduce((sum, w) => sum + w, 0);
    expect(onStress(wild)).toBeGreaterThan(5 * onStress(quiet));
  });

  it('make the tail of a core: under equal beliefs that of its plain returns, more in a crisis', () => {
    const core = [
      { id: 'A', weight: 0.5 },
      { id: 'B', weight: 0.5 },
    ];
    const { scenarios } = model.regimes as NonNullable<RiskModel['regimes']>;
    const same: RiskModel = {
      ...model,
      regimes: {
        ...(model.regimes as NonNullable<RiskModel['regimes']>),
        scenarios: { ...scenarios, probabilities: scenarios.returns.map(() => [0.25, 0.25, 0.25, 0.25]) },
      },
    };
    const plain = scenarios.returns.map((row) => ((row[0] as number) + (row[1] as number)) / 2);
    const at = { forecast: calm, confidence: 0.95 };
    expect(coreTail(core, same, at)).toBeCloseTo(measureRisk(plain, 'cvar').value, 12);
    expect(coreTail(core, model, { ...at, forecast: storm }) as number).toBeGreaterThan(
      1.3 * (coreTail(core, model, at) as number),
    );
  });

  it('leave out bars on which an instrument was not listed, and have no answer below a year of them', () => {
    const late = run(800, { late: 600 });
    expect(completeScenarios(late, ['A', 'LATE'], calm)).toBeUndefined();
    expect(completeScenarios(late, ['A', 'B'], calm)?.weights).toHaveLength(525);
    expect(completeScenarios(run(rows), ['A', 'LATE'], calm)?.weights).toHaveLength(504);
  });
});
