import { createRng } from '@allostat/kernel';
import { fitMonthForecast, forecastMonth } from './forecast-months';
import type { TracedMonth } from './name-months';

/** Months that turn to tightening more often the faster bill rates rise, and back the faster they fall. */
function world(informative: boolean): TracedMonth[] {
  const rng = createRng(3, 'months');
  let name: TracedMonth['name'] = 'expansion';
  return Array.from({ length: 1200 }, () => {
    const bill6m = rng.normal();
    const facts = { stress: 0.5, return3m: 0, return6m: 0, spread6m: 0, bill6m, depth: 0, since: 3 };
    const month = { name, facts };
    const pull = informative ? bill6m : 0;
    const odds = Math.exp((name === 'expansion' ? -1.5 : 1.5) + 1.2 * pull);
    name = rng.uniform() < odds / (1 + odds) ? 'tightening' : 'expansion';
    return month;
  });
}
const at = (name: TracedMonth['name'], bill6m: number): TracedMonth => ({
  name,
  facts: { stress: 0.5, return3m: 0, return6m: 0, spread6m: 0, bill6m, depth: 0, since: 3 },
});

describe('fitMonthForecast', () => {
  it('finds the odds that a fact moves', () => {
    const model = fitMonthForecast(world(true), { ridge: 1 });
    const odds = (p: Record<string, number>) => Math.log(p.tightening / p.expansion);
    const slope = odds(forecastMonth(model, at('expansion', 1))) - odds(forecastMonth(model, at('expansion', 0)));
    expect(slope).toBeGreaterThan(1);
    expect(slope).toBeLessThan(1.4);
  });

  it('is near the transition matrix where facts say nothing, and is the matrix when asked', () => {
    const months = world(false);
    const matrix = forecastMonth(fitMonthForecast(months, { method: 'matrix' }), at('expansion', 2));
    const tilted = forecastMonth(fitMonthForecast(months), at('expansion', 2));
    expect(Math.abs(matrix.tightening - tilted.tightening)).toBeLessThan(0.06);
    expect(matrix.tightening).toBe(
      forecastMonth(fitMonthForecast(months, { method: 'matrix' }), at('expansion', -2)).tightening,
    );
  });

  it('never takes a step that the rule cannot take, and sums to one at any horizon', () => {
    const model = fitMonthForecast(world(true));
    expect(forecastMonth(model, at('expansion', 1)).recovery).toBe(0);
    for (const months of [1, 3, 12]) {
      const p = forecastMonth(model, at('tightening', -1), months);
      expect(Object.values(p).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
    }
  });

  it('refuses too short a history', () => {
    expect(() => fitMonthForecast(world(true).slice(0, 59))).toThrow(/at least 60 named months/);
  });
});
