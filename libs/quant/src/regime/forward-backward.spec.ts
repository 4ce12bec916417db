import { forwardBackward } from './forward-backward';

describe('forwardBackward', () => {
  it('gives the likelihood and posteriors of the umbrella world', () => {
    // Russell and Norvig's umbrella example, values of hmmlearn's test_base.py
    const density = [0.9, 0.2, 0.9, 0.2, 0.1, 0.8, 0.9, 0.2, 0.9, 0.2];
    const result = forwardBackward(
      Float64Array.from(density, Math.log),
      new Float64Array([0.7, 0.3, 0.3, 0.7]),
      [0.5, 0.5],
    );
    expect(result.logLikelihood).toBeCloseTo(-3.3725, 4);
    const rain = [0, 1, 2, 3, 4].map((t) => result.gamma[2 * t]);
    [0.8673, 0.8204, 0.3075, 0.8204, 0.8673].forEach((p, t) => expect(rain[t]).toBeCloseTo(p, 4));
    expect(result.xi.reduce((a, b) => a + b, 0)).toBeCloseTo(4, 12);
  });

  it('gives the posteriors of the categorical example', () => {
    // hmmlearn's test_categorical_hmm.py, observations 0, 1, 2
    const emission = [
      [0.1, 0.6],
      [0.4, 0.3],
      [0.5, 0.1],
    ];
    const result = forwardBackward(
      Float64Array.from(emission.flat(), Math.log),
      new Float64Array([0.7, 0.3, 0.4, 0.6]),
      [0.6, 0.4],
    );
    const expected = [0.23170303, 0.76829697, 0.62406281, 0.37593719, 0.86397706, 0.13602294];
    expected.forEach((p, i) => expect(result.gamma[i]).toBeCloseTo(p, 6));
  });

  it('does not underflow where every density is tiny', () => {
    const result = forwardBackward(
      new Float64Array(200).fill(-900),
      new Float64Array([0.9, 0.1, 0.1, 0.9]),
      [0.5, 0.5],
    );
    expect(result.logLikelihood).toBeCloseTo(-900 * 100, 6);
  });
});
