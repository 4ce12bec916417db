import { addForecast, brierScore, initialProbabilityScore, reliabilityTable } from './probability-score';

describe('scores of probabilities', () => {
  it('have the values of the textbook: Brier (1950), two outcomes, both counted', () => {
    // a forecast of 70 % rain: 0.18 when it rains, 0.98 when it does not
    expect(brierScore([0.7, 0.3], 0)).toBeCloseTo(0.18, 12);
    expect(brierScore([0.7, 0.3], 1)).toBeCloseTo(0.98, 12);
    expect(brierScore([0.25, 0.25, 0.25, 0.25], 2)).toBe(0.75);
  });

  it('sum over forecasts, and the table has what was said beside what happened', () => {
    let score = initialProbabilityScore();
    for (let i = 0; i < 10; i++) score = addForecast(score, [0.8, 0.2], i < 8 ? 0 : 1);
    expect(score.logSum).toBeCloseTo(8 * Math.log(0.8) + 2 * Math.log(0.2), 12);
    expect(reliabilityTable(score)).toEqual([
      { from: 0.1, to: 0.3, forecasts: 10, said: expect.closeTo(0.2, 12), happened: 0.2 },
      { from: 0.7, to: 0.9, forecasts: 10, said: expect.closeTo(0.8, 12), happened: 0.8 },
    ]);
  });

  it('count certainties in the outer bins, and keep a log score finite', () => {
    const score = addForecast(initialProbabilityScore(), [1, 0], 1);
    expect(score.logSum).toBeCloseTo(Math.log(1e-6), 12);
    expect(reliabilityTable(score).map(({ from, happened }) => [from, happened])).toEqual([
      [0, 1],
      [0.98, 0],
    ]);
    expect(() => addForecast(score, [1, 0], 2)).toThrow(/none of 2/);
  });
});
