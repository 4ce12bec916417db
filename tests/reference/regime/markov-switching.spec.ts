import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRng } from '@allostat/kernel';
import {
  constantTransition,
  filterSwitching,
  fitSwitching,
  markovSwitchingDetector,
  runDetector,
  transitionUnder,
  type SwitchingModel,
} from '@allostat/quant';

const folder = join(__dirname, '../../../../shared/reference/regime');
const present = existsSync(folder);
if (!present) console.warn(`skipped: ${folder} is absent`);
const suite = present ? describe : describe.skip;
const json = present
  ? (JSON.parse(readFileSync(join(folder, 'markov_switching.json'), 'utf8')) as Record<string, unknown>)
  : {};
const series = (name: string) => json[name] as number[];
const none = (states: number): number[][] => Array.from({ length: states }, () => []);
const column = (rows: Float64Array, k: number, state: number): number[] =>
  Array.from({ length: rows.length / k }, (_, t) => rows[t * k + state]);
const largestGap = (a: readonly number[], b: readonly number[]): number => {
  expect(a).toHaveLength(b.length);
  return a.reduce((worst, value, i) => Math.max(worst, Math.abs(value - b[i])), 0);
};
const logistic = (constants: [number, number], slopes: [number, number]) =>
  [0, 1].map((i) => [
    [constants[i], slopes[i]],
    [0, 0],
  ]);

// Parameters, likelihoods and probabilities: tests of statsmodels (BSD-3), which hold those of Stata, EViews and Filardo (1994).
suite('Markov switching with regressors (Stata)', () => {
  const y = present ? series('fedfunds').slice(4) : [];
  const regressors = y.map((_, i) => [series('fedfunds')[i + 3], series('ogap')[i + 4], series('inf')[i + 4]]);

  it('two states, three regressors: the likelihood at the reference, and its maximum found again', () => {
    const [lag, gap, inflation] = [
      [0.8314458, 0.9292574],
      [0.1355425, 0.0343072],
      [-0.0273928, 0.2125275],
    ];
    const variance = 0.5764495 * 0.5764495;
    const model: SwitchingModel = {
      intercepts: [0.6554954, -0.0944924],
      slopes: [0, 1].map((k) => [lag[k], gap[k], inflation[k]]),
      lags: none(2),
      variances: [variance, variance],
      transition: constantTransition([
        [0.7279288, 1 - 0.7279288],
        [0.2114578, 1 - 0.2114578],
      ]),
    };
    const { logLikelihood, filtered } = filterSwitching(model, { y, regressors });
    expect(Math.abs(logLikelihood - -229.25614)).toBeLessThan(1e-5);
    const start = Float64Array.from(filtered, (p) => (p > 0.5 ? 0.8 : 0.2));
    const fit = fitSwitching({ y, regressors }, { states: 2, start, ownVariance: false, tolerance: 1e-12 });
    expect(fit.converged).toBe(true);
    expect(Math.abs(fit.logLikelihood - -229.25614)).toBeLessThan(1e-4);
    expect(fit.model.slopes[0][0]).toBeCloseTo(0.8314458, 3);
  });

  it('three states, one of which cannot be stayed in', () => {
    const variance = 0.438375 * 0.438375;
    // the reference lists coefficients regressor by regressor: lag, gap, inflation, each for three states
    const byRegressor = [
      [0.8464551, 0.9690088, 0.4178913],
      [0.1201952, 0.0464136, 0.1075357],
      [-0.0425603, 0.1298906, 0.9099168],
    ];
    const model: SwitchingModel = {
      intercepts: [0.5261292, -0.0034106, 0.6015991],
      slopes: [0, 1, 2].map((k) => byRegressor.map((row) => row[k])),
      lags: none(3),
      variances: [variance, variance, variance],
      transition: constantTransition([
        [0.7253684, 0.2564055, 1 - 0.7253684 - 0.2564055],
        [0.1641252, 0.7994204, 1 - 0.1641252 - 0.7994204],
        [0.6178282, 0.3821718, 0],
      ]),
    };
    const { logLikelihood } = filterSwitching(model, { y, regressors });
    expect(Math.abs(logLikelihood - -189.89493)).toBeLessThan(1e-4);
  });
});

suite('Markov switching with time-varying transitions', () => {
  it('output growth driven by recessions (EViews): likelihood and expected durations', () => {
    const y = series('rgnp');
    const variance = Math.exp(-2 * 0.217003);
    const model: SwitchingModel = {
      intercepts: [1.02719, -0.71976],
      slopes: none(2),
      lags: [[0.161489], [0.022536]],
      variances: [variance, variance],
      transition: logistic([6.564923, 7.846371], [-8.064123, -15.37636]),
    };
    const drivers = series('rec').map((value) => [value]);
    expect(Math.abs(filterSwitching(model, { y, drivers }).logLikelihood - -163.914049)).toBeLessThan(1e-5);
    const durations = drivers.slice(1).map((row) => {
      const [stay, , back] = transitionUnder(model.transition, row);
      return [1 / (1 - stay), 1 / back];
    });
    (json.expected_durations as number[][]).forEach((pair, t) =>
      pair.forEach((bars, i) => expect(Math.abs(durations[t][i] / bars - 1)).toBeLessThan(1e-5)),
    );
  });

  it('Filardo: industrial production driven by leading indicators, filtered and smoothed', () => {
    const rows = readFileSync(join(folder, 'mar_filardo.csv'), 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(','));
    const y = rows.slice(1).map(([growth]) => Number(growth));
    const drivers = rows.slice(0, -1).map(([, leading]) => [Number(leading)]);
    const variance = Math.exp(-2 * 0.362469);
    const lags = [0.189474, 0.079344, 0.110944, 0.122251];
    const model: SwitchingModel = {
      intercepts: [0.517298, -0.865888],
      slopes: none(2),
      lags: [lags, lags],
      variances: [variance, variance],
      transition: logistic([4.35941747, -1.6493936], [1.7702123, 0.9945672]),
    };
    const beliefs = filterSwitching(model, { y, drivers });
    expect(Math.abs(beliefs.logLikelihood - -586.5718)).toBeLessThan(1e-4);
    const reference = (at: number) => rows.slice(5).map((row) => Number(row[at]));
    expect(largestGap(column(beliefs.filtered, 2, 0), reference(4))).toBeLessThan(1e-5);
    expect(largestGap(column(beliefs.smoothed, 2, 0), reference(5))).toBeLessThan(1e-5);
    drivers.slice(4).forEach((row, t) => {
      const [stay, , back] = transitionUnder(model.transition, row);
      expect(Math.abs(stay - Number(rows[t + 5][2]))).toBeLessThan(1e-5);
      expect(Math.abs(back - Number(rows[t + 5][3]))).toBeLessThan(1e-5);
    });
  });
});

describe('the detector with time-varying transitions', () => {
  /** Calm and wild days; a driver above zero makes a change to wild likely on the next day. */
  function world(days: number, seed: number) {
    const rng = createRng(seed);
    const driver = Array.from({ length: days }, () => rng.normal());
    let state = 0;
    const states = driver.map((_, t) => {
      const z = t === 0 ? 0 : driver[t - 1];
      const leave = state === 0 ? 1 / (1 + Math.exp(4.5 - 2.5 * z)) : 0.05;
      if (rng.uniform() < leave) state = 1 - state;
      return state;
    });
    return { states, rows: states.map((s, t) => [(s === 0 ? 0.7 : 2.5) * rng.normal(), driver[t]]) };
  }
  const detector = markovSwitchingDetector({ states: 2 });
  const train = world(2500, 1);
  const model = detector.fit(train.rows);
  const test = world(2000, 2);

  it('finds what drives the change, and states from calm to wild', () => {
    expect(model.converged).toBe(true);
    expect(model.switching.variances[0]).toBeLessThan(model.switching.variances[1]);
    const [[toCalm], [toWild]] = [model.switching.transition[0].slice(0, 1), model.switching.transition[0].slice(1)];
    // log odds of leaving calm rise by 2.5 a standard deviation of the driver
    expect(toWild[1] - toCalm[1]).toBeGreaterThan(1.8);
    expect(toWild[1] - toCalm[1]).toBeLessThan(3.4);
  });

  it('forecasts the next day better than the same model without its driver', () => {
    const plain = markovSwitchingDetector({ states: 2 });
    const plainModel = plain.fit(train.rows.map(([y]) => [y]));
    const scoreOf = (forecast: readonly (readonly number[])[]) =>
      forecast.slice(0, -1).reduce((sum, p, t) => sum + Math.log(p[test.states[t + 1]]), 0) / forecast.length;
    const driven = runDetector(detector, model, test.rows).map((state) => detector.forecast(model, state, 1));
    const still = runDetector(
      plain,
      plainModel,
      test.rows.map(([y]) => [y]),
    ).map((state) => plain.forecast(plainModel, state, 1));
    expect(scoreOf(driven)).toBeGreaterThan(scoreOf(still) + 0.02);
  });

  it('gives the same beliefs for a prefix as for the whole, bit for bit', () => {
    const whole = runDetector(detector, model, test.rows);
    expect(runDetector(detector, model, test.rows.slice(0, 1234))).toEqual(whole.slice(0, 1234));
  });
});
