import { createRng } from '@allostat/kernel';
import { simulateMarket } from '../simulation';
import { filterStep, forecastStates, initialFilterState, nameProbabilities } from './filter-step';
import { fitRegimeModel } from './fit-regime-model';
import type { RegimeFeatures } from './regime-model';

const PROXIES: Readonly<Record<string, string>> = {
  'return.equity.1d': 'US_EQUITY',
  'return.bond.1d': 'US_TREASURY_10Y',
  'return.credit.1d': 'HIGH_YIELD',
  'return.gold.1d': 'GOLD',
  'return.commodity.1d': 'COMMODITIES',
};

function featuresOf(seed: number, years: number): { history: RegimeFeatures[]; truth: readonly string[] } {
  const market = simulateMarket({ seed, years, defectsPerYear: 0 });
  const at = Object.entries(PROXIES).map(
    ([name, id]) => [name, market.instruments.findIndex((i) => i.id === id)] as const,
  );
  const history = market.dates.map((asOf, bar) => ({
    asOf,
    values: Object.fromEntries(at.map(([name, i]) => [name, market.returns[bar][i]])),
  }));
  return { history, truth: market.regimes };
}

const { history, truth } = featuresOf(9, 12);
const model = fitRegimeModel(history.slice(0, 8 * 252));

describe('fitRegimeModel', () => {
  it('finds four named states in canonical order and says how every start ended', () => {
    expect(model.names).toEqual(['expansion', 'tightening', 'crisis', 'recovery']);
    expect(model.training.converged).toBe(true);
    expect(model.training.starts).toHaveLength(7);
    expect(model.gate.identified).toBe(true);
    expect(model.transition[0][3]).toBe(0); // expansion never turns into recovery
    for (const row of model.transition) expect(row.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
  });

  it('does not call a fit converged that ran out of iterations', () => {
    expect(fitRegimeModel(history.slice(0, 800), { maxIterations: 2 }).training.converged).toBe(false);
  });

  it('gives the same model for the same history, through JSON too', () => {
    expect(fitRegimeModel(history.slice(0, 8 * 252))).toEqual(model);
    expect(JSON.parse(JSON.stringify(model))).toEqual(model);
  });

  it.each([
    ['normal', (rng: ReturnType<typeof createRng>) => rng.normal()],
    ['t with 5 degrees of freedom', (rng: ReturnType<typeof createRng>) => rng.studentT(5)],
    ['t with 3 degrees of freedom', (rng: ReturnType<typeof createRng>) => rng.studentT(3)],
  ])('says "single regime" where returns are independent and %s', (_, draw) => {
    const rng = createRng(1);
    const flat = history.slice(0, 1500).map(({ asOf }) => ({
      asOf,
      values: { 'return.equity.1d': 0.01 * draw(rng), 'return.bond.1d': 0.004 * draw(rng) },
    }));
    const single = fitRegimeModel(flat);
    expect(single.gate.identified).toBe(false);
    expect(single.naming).toBe('single');
    expect(single.names).toEqual(['expansion']);
  });

  it('describes the regimes as the rule names them where returns do not show a tightening state', () => {
    // one calm and one wild state only, with slow features that tell four stories
    const rng = createRng(4);
    const slow = history.slice(0, 1600).map(({ asOf }, i) => {
      const wild = Math.floor(i / 200) % 4 === 2;
      const scale = wild ? 0.03 : 0.006;
      const hike = Math.floor(i / 200) % 4 === 1;
      return {
        asOf,
        values: {
          'return.equity.1d': scale * rng.studentT(6),
          'return.bond.1d': 0.004 * rng.studentT(6),
          'volatility.equity': (wild ? 0.45 : 0.1) + 0.01 * rng.normal(),
          'drawdown.equity': (wild ? -0.25 : -0.01) + 0.005 * rng.normal(),
          'return.equity.126d': (wild ? -0.2 : 0.05) + 0.01 * rng.normal(),
          'macro.policy-rate.change6m': (hike ? 1 : -0.1) + 0.05 * rng.normal(),
        },
      };
    });
    const byRule = fitRegimeModel(slow);
    expect(byRule.naming).toBe('rule');
    expect(byRule.names).toEqual(expect.arrayContaining(['expansion', 'tightening', 'crisis']));
    expect(byRule.blocks.map((block) => block.features.length)).toEqual([2, 4]);
    expect(fitRegimeModel(slow, { naming: 'returns' }).naming).toBe('returns');
  });

  it('refuses a history that is too short', () => {
    expect(() => fitRegimeModel(history.slice(0, 300))).toThrow(/needs 500/);
  });
});

describe('filterStep', () => {
  const live = history.slice(8 * 252);
  const path = (bars: readonly RegimeFeatures[]) => {
    let state: ReturnType<typeof filterStep> | ReturnType<typeof initialFilterState> = initialFilterState(model);
    return bars.map((bar) => (state = filterStep(model, state, bar)));
  };
  const whole = path(live);

  it('believes in the true regime most of the time', () => {
    const right = whole.filter((step, i) => {
      const best = step.probabilities.indexOf(Math.max(...step.probabilities));
      return model.names[best] === truth[8 * 252 + i];
    });
    expect(right.length / whole.length).toBeGreaterThan(0.85);
  });

  it('gives the same belief for a prefix as for the whole, bit for bit', () => {
    expect(path(live.slice(0, 333))).toEqual(whole.slice(0, 333));
  });

  it('keeps probabilities that sum to one, now and ahead', () => {
    for (const step of whole.slice(0, 50)) {
      expect(step.probabilities.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
      const ahead = forecastStates(model, step.probabilities, 21);
      expect(ahead.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
      expect(Object.values(nameProbabilities(model, ahead)).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
    }
  });

  it('predicts without a bar, uses what it has of an incomplete one, and survives an absurd one', () => {
    const state = whole[100];
    expect(filterStep(model, state, undefined).probabilities).toEqual(forecastStates(model, state.probabilities, 1));
    const partial = filterStep(model, state, { asOf: '2020-01-01', values: { 'return.bond.1d': 0.001 } });
    expect(partial.features).toEqual(['return.bond.1d']);
    const absurd = filterStep(model, state, { asOf: '2020-01-01', values: { 'return.equity.1d': 1e6 } });
    expect(absurd.probabilities.every((p) => p >= 0 && p <= 1)).toBe(true);
  });

  it('scores the bar by the density that was predicted before it was seen', () => {
    // with one feature and one state the score is the log density of a t distribution
    const single = fitRegimeModel(
      history.slice(0, 600).map(({ asOf }, i) => ({ asOf, values: { 'return.equity.1d': Math.sin(i * i) } })),
      { features: ['return.equity.1d'], degreesOfFreedom: 5 },
    );
    expect(single.names).toHaveLength(1);
    const [{ center, scale, emissions }] = single.blocks;
    const s = scale[0] * emissions[0].cholesky[0];
    const z = (0.3 - center[0] - scale[0] * emissions[0].location[0]) / s;
    const constant = 8 / (3 * Math.PI * Math.sqrt(5)); // t with 5 degrees of freedom
    const expected = Math.log(constant / s) - 3 * Math.log1p((z * z) / 5);
    const step = filterStep(
      single,
      { probabilities: [1] },
      { asOf: '2020-01-01', values: { 'return.equity.1d': 0.3 } },
    );
    expect(step.logScore).toBeCloseTo(expected, 10);
  });
});
