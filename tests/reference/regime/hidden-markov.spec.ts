import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fitStudentTHmm, forwardBackward } from '@allostat/quant';

const folder = join(__dirname, '../../../../shared/reference/regime');
const present = existsSync(folder);
if (!present) console.warn(`skipped: ${folder} is absent`);
const suite = present ? describe : describe.skip;

/** Closes of the Nasdaq-100, and simple returns in percent of the days from 2007 to 2021. */
function nasdaq(): number[] {
  const lines = readFileSync(join(folder, 'NDX.csv'), 'utf8').trim().split('\n').slice(1);
  return lines
    .map((line) => line.split(','))
    .filter(([date]) => date >= '2007-01-03' && date <= '2021-12-31')
    .map(([, , change]) => 100 * Number(change));
}

suite('Gaussian hidden Markov model on the Nasdaq-100, 2007-2021', () => {
  const returns = present ? nasdaq() : [];
  const fit = () => {
    const data = Float64Array.from(returns);
    const cut = [...returns].map(Math.abs).sort((a, b) => a - b)[Math.floor(0.8 * returns.length)];
    const start = Float64Array.from(returns.flatMap((r) => (Math.abs(r) > cut ? [0.1, 0.9] : [0.9, 0.1])));
    return fitStudentTHmm([{ data, dimensions: 1, weight: 1 }], {
      start,
      states: 2,
      degreesOfFreedom: Infinity,
      transition: new Float64Array([0.97, 0.03, 0.03, 0.97]),
      transitionPrior: new Float64Array(4),
      scalePrior: 0,
      maxIterations: 1000,
      tolerance: 1e-11,
    });
  };

  it('reaches the likelihood and parameters of hmmlearn', () => {
    expect(returns).toHaveLength(3777);
    const model = fit();
    expect(model.converged).toBe(true);
    // hmmlearn 0.3.3 without priors: fixed starts, data in percent
    expect(Math.abs(model.logLikelihood - -5943.30865)).toBeLessThan(1e-3);
    const [{ locations, choleskys }] = model.emissions;
    [0.13743, -0.11216].forEach((mean, k) => expect(locations[k][0]).toBeCloseTo(mean, 3));
    [0.707487, 5.339359].forEach((variance, k) => expect(choleskys[k][0] ** 2).toBeCloseTo(variance, 2));
    [0.98366, 0.01634, 0.04315, 0.95685].forEach((p, i) => expect(model.transition[i]).toBeCloseTo(p, 4));
  });
});

suite('Markov switching against Stata and EViews (statsmodels test values)', () => {
  const json = present
    ? (JSON.parse(readFileSync(join(folder, 'markov_switching.json'), 'utf8')) as Record<string, unknown>)
    : {};
  const series = (name: string) => json[name] as number[];

  /** Log-likelihood of y_t = c_k + b_k y_{t-1} + e, e ~ N(0, s_k²), of two states with the given staying probabilities. */
  function run(
    y: readonly number[],
    p00: number,
    p10: number,
    mean: (t: number, k: number) => number,
    sd: number[],
    from = 0,
  ) {
    const densities = y.slice(from).flatMap((value, i) =>
      [0, 1].map((k) => {
        const z = (value - mean(i + from, k)) / sd[k];
        return -0.5 * z * z - Math.log(sd[k]) - 0.5 * Math.log(2 * Math.PI);
      }),
    );
    const stationary = p10 / (1 - p00 + p10);
    return forwardBackward(Float64Array.from(densities), new Float64Array([p00, 1 - p00, p10, 1 - p10]), [
      stationary,
      1 - stationary,
    ]);
  }

  it('federal funds rate, switching mean', () => {
    const result = run(
      series('fedfunds'),
      0.9820939,
      0.0503587,
      (_, k) => [3.70877, 9.556793][k],
      [2.107562, 2.107562],
    );
    expect(result.logLikelihood).toBeCloseTo(-508.63592, 4);
    // the reference gives joint probabilities of the state before and the state: the state's own is their sum
    const joint = json.fedfunds_const_filtered_joint_probabilities as number[][][];
    joint[0][0].forEach((p, t) => {
      expect(Math.abs(result.filtered[2 * t] - (p + joint[0][1][t]))).toBeLessThan(1e-5);
    });
  });

  it('federal funds rate with its lag', () => {
    const y = series('fedfunds');
    const mean = (t: number, k: number) => [0.724457, -0.0988764][k] + [0.7631424, 1.061174][k] * y[t - 1];
    expect(run(y, 0.6378175, 0.1306295, mean, [0.6915759, 0.6915759], 1).logLikelihood).toBeCloseTo(-264.71069, 4);
  });

  it('absolute returns with a lag and switching variance', () => {
    const y = series('areturns');
    const mean = (t: number, k: number) => [0.7641424, 1.972771][k] + [0.0790744, 0.527953][k] * y[t - 1];
    expect(run(y, 0.7530865, 0.6825357, mean, [0.5895792, 1.605333], 1).logLikelihood).toBeCloseTo(-745.7977, 3);
  });

  it('mumps with a lag and switching variance', () => {
    const y = series('mumpspc');
    const mean = (t: number, k: number) => [0.420275, 0.9847369][k] * y[t - 1];
    expect(run(y, 0.762733, 0.1473767, mean, [0.0562405, 0.2611362], 1).logLikelihood).toBeCloseTo(131.7225, 3);
  });

  it('Hamilton: output growth, four lags of the deviation from a switching mean', () => {
    const y = series('rgnp');
    const means = [-0.358811, 1.163516];
    const lags = [0.013486, -0.057521, -0.246983, -0.212923];
    const sd = Math.exp(-0.262658);
    const [p00, p10] = [0.754673, 0.095915];
    const transition = [p00, 1 - p00, p10, 1 - p10];
    const stationary = [p10 / (1 - p00 + p10), (1 - p00) / (1 - p00 + p10)];
    // a state is the tuple of the regimes of now and of the four quarters before: bit i is the regime i quarters ago
    const at = (tuple: number, lag: number) => (tuple >> lag) & 1;
    const tuples = Array.from({ length: 32 }, (_, i) => i);
    const densities = y.slice(4).flatMap((_, i) =>
      tuples.map((tuple) => {
        let residual = y[i + 4] - means[at(tuple, 0)];
        lags.forEach((b, lag) => (residual -= b * (y[i + 3 - lag] - means[at(tuple, lag + 1)])));
        return -0.5 * (residual / sd) ** 2 - Math.log(sd) - 0.5 * Math.log(2 * Math.PI);
      }),
    );
    const step = new Float64Array(32 * 32);
    for (const from of tuples)
      for (const now of [0, 1]) step[from * 32 + (((from << 1) & 31) | now)] = transition[2 * at(from, 0) + now];
    const initial = tuples.map((tuple) => {
      let p = stationary[at(tuple, 4)];
      for (let lag = 3; lag >= 0; lag--) p *= transition[2 * at(tuple, lag + 1) + at(tuple, lag)];
      return p;
    });
    expect(forwardBackward(Float64Array.from(densities), step, initial).logLikelihood).toBeCloseTo(-181.26339, 4);
  });

  it('Hamilton: one lag that switches with the mean, filtered and smoothed', () => {
    const y = series('rgnp');
    const [p00, p10] = [0.85472458, 0.53662099];
    const [means, lag, sd] = [[1.041419, -0.479157], [0.243128, 0.713029], Math.exp(-0.231404)];
    const transition = [p00, 1 - p00, p10, 1 - p10];
    const stationary = [p10 / (1 - p00 + p10), (1 - p00) / (1 - p00 + p10)];
    // a state is the regime of now and of the quarter before: now * 2 + before
    const states = [0, 1, 2, 3].map((tuple) => ({ now: tuple >> 1, before: tuple & 1 }));
    const densities = y.slice(1).flatMap((value, i) =>
      states.map(({ now, before }) => {
        const residual = value - means[now] - lag[now] * (y[i] - means[before]);
        return -0.5 * (residual / sd) ** 2 - Math.log(sd) - 0.5 * Math.log(2 * Math.PI);
      }),
    );
    const step = new Float64Array(16);
    states.forEach((from, i) =>
      states.forEach((to, j) => (step[i * 4 + j] = to.before === from.now ? transition[2 * from.now + to.now] : 0)),
    );
    const initial = states.map(({ now, before }) => stationary[before] * transition[2 * before + now]);
    const result = forwardBackward(Float64Array.from(densities), step, initial);
    expect(result.logLikelihood).toBeCloseTo(-186.7575, 4);
    series('hamilton_ar1_switch_filtered').forEach((p, t) => {
      expect(Math.abs(result.filtered[4 * t] + result.filtered[4 * t + 1] - p)).toBeLessThan(1e-5);
    });
    series('hamilton_ar1_switch_smoothed').forEach((p, t) => {
      expect(Math.abs(result.gamma[4 * t] + result.gamma[4 * t + 1] - p)).toBeLessThan(1e-5);
    });
    expect([1 / (1 - p00), 1 / p10].map((bars) => bars.toFixed(6))).toEqual(['6.883477', '1.863513']);
  });
});
