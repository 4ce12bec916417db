import { createRng } from '@allostat/kernel';
import { garchGridStep, initialGarchGrid, meanVarianceAhead, type GarchGridForecast } from './garch-grid';

/** Returns of a GARCH(1,1) with a daily volatility of one percent, and the variance that each was drawn with. */
function drawn(alpha: number, persistence: number, bars: number) {
  const rng = createRng(3, 'garch-grid');
  const longRun = 1e-4;
  let variance = longRun;
  return Array.from({ length: bars }, () => {
    const change = Math.sqrt(variance) * rng.normal();
    const own = { change, variance };
    variance = (1 - persistence) * longRun + alpha * change * change + (persistence - alpha) * variance;
    return own;
  });
}

function forecasts(changes: readonly number[]): (GarchGridForecast | undefined)[] {
  let state = initialGarchGrid();
  return changes.map((change) => {
    const step = garchGridStep(state, change);
    state = step.state;
    return step.forecast;
  });
}

describe('GARCH by the likeliest of nine recursions', () => {
  const world = drawn(0.09, 0.985, 6000);
  const found = forecasts(world.map(({ change }) => change));

  it('finds the grid point that returns were drawn from, and forecasts the variance of the next bar, off by 5 % in the mean', () => {
    const last = found[found.length - 1];
    expect(last).toMatchObject({ alpha: 0.09, persistence: 0.985 });
    const misses = world
      .slice(3001)
      .map(({ variance }, i) => Math.abs(Math.log((found[3000 + i]?.nextVariance ?? NaN) / variance)));
    expect(misses.reduce((sum, miss) => sum + miss, 0) / misses.length).toBeLessThan(0.05);
  });

  it('says nothing before 250 returns', () => {
    expect(found[248]).toBeUndefined();
    expect(found[249]).toBeDefined();
  });

  it('expects the long run from far ahead, the next bar from one bar, and lies between for a month', () => {
    const forecast = { nextVariance: 4, meanSquare: 1, alpha: 0.09, persistence: 0.97, logLikelihood: 0 };
    expect(meanVarianceAhead(forecast, 1)).toBe(4);
    // 1 + 3 (1 + .97 + ... + .97^20) / 21
    expect(meanVarianceAhead(forecast, 21)).toBeCloseTo(1 + (3 * (1 - 0.97 ** 21)) / 0.03 / 21, 12);
    expect(meanVarianceAhead(forecast, 100_000)).toBeCloseTo(1, 2);
  });

  it('stays without a forecast while prices do not move at all', () => {
    expect(forecasts(new Array<number>(300).fill(0)).every((forecast) => forecast === undefined)).toBe(true);
  });
});
