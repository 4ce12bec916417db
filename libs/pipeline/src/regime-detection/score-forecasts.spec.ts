import type { RegimeAssessed, RegimeName } from './events';
import { scoreForecasts, type ForecastScores } from './score-forecasts';

const assessed = (bar: number, regime: RegimeName, crisis: number, version = 'v1'): RegimeAssessed => {
  const probabilities = { expansion: 1 - crisis, tightening: 0, crisis, recovery: 0 };
  return {
    type: 'RegimeAssessed',
    universeId: 'u',
    asOf: new Date(Date.UTC(2024, 0, 1 + bar)).toISOString().slice(0, 10),
    bar,
    regime,
    probabilities,
    forecasts: [1, 3].map((horizonBars) => ({ horizonBars, probabilities })),
    logScore: 0,
    modelVersion: version,
    instruments: [],
    coverage: 1,
  };
};

describe('scoreForecasts', () => {
  it('scores a forecast when its bar has come, once a month, beside saying that the name stays', () => {
    let state: ForecastScores | undefined;
    const events = [];
    for (let bar = 0; bar < 42; bar++) {
      // crisis on every fourth bar; each bar says 20 % crisis
      const step = scoreForecasts(state, assessed(bar, bar % 4 === 3 ? 'crisis' : 'expansion', 0.2));
      state = step.state;
      if (step.event) events.push(step.event);
    }
    expect(events.map(({ horizons }) => horizons.map(({ forecasts }) => forecasts))).toEqual([
      [20, 18],
      [41, 39],
    ]);
    const [one] = events[0].horizons;
    // 20 outcomes of bars 1 to 20, five of them crisis: 15 of (0.2² + 0.2²), 5 of (0.8² + 0.8²)
    expect(one.brier).toBeCloseTo((15 * 0.08 + 5 * 1.28) / 20, 12);
    expect(one.logScore).toBeCloseTo((15 * Math.log(0.8) + 5 * Math.log(0.2)) / 20, 12);
    // the name changes into crisis five times and out of it five times, the last bar (20) included
    expect(one.persistenceBrier).toBeCloseTo((2 * 10) / 20, 12);
    expect(one.reliability.find(({ from }) => from === 0.1)).toMatchObject({ forecasts: 20, happened: 0.25 });
  });

  it('starts from nothing with a new version of the model', () => {
    const first = scoreForecasts(undefined, assessed(0, 'expansion', 0.5));
    const other = scoreForecasts(first.state, assessed(1, 'expansion', 0.5, 'v2'));
    expect(other.state).toMatchObject({ modelVersion: 'v2', assessments: 1, since: '2024-01-02' });
    expect(other.state.horizons[0].score.forecasts).toBe(0);
  });
});
