import { simulateMarket } from './simulate-market';
import { simulationFiles } from './simulation-files';
import { SIMULATED_REGIMES } from './regime-table';

const market = simulateMarket({ seed: 7, years: 20 });
const column = (id: string): number => market.instruments.findIndex((i) => i.id === id);

function within(regime: string, id: string): number[] {
  const at = column(id);
  return market.returns.filter((_, bar) => market.regimes[bar] === regime).map((row) => row[at]);
}
const mean = (x: readonly number[]): number => x.reduce((s, v) => s + v, 0) / x.length;
function correlation(a: readonly number[], b: readonly number[]): number {
  const [ma, mb] = [mean(a), mean(b)];
  const dot = (x: readonly number[], mx: number, y: readonly number[], my: number) =>
    x.reduce((s, v, i) => s + (v - mx) * (y[i] - my), 0);
  return dot(a, ma, b, mb) / Math.sqrt(dot(a, ma, a, ma) * dot(b, mb, b, mb));
}
const volatility = (x: readonly number[]): number => Math.sqrt(252 * mean(x.map((v) => v * v)));

describe('simulateMarket', () => {
  it('is the same market for the same seed and another for another', () => {
    const short = simulateMarket({ seed: 7, years: 2 });
    expect(simulateMarket({ seed: 7, years: 2 })).toEqual(short);
    expect(simulateMarket({ seed: 8, years: 2 }).returns[0]).not.toEqual(short.returns[0]);
  });

  it('starts with weekdays of 2004 and visits every regime in its first cycle', () => {
    expect(market.dates.slice(0, 3)).toEqual(['2004-01-01', '2004-01-02', '2004-01-05']);
    expect(market.dates).toHaveLength(5040);
    const order = market.regimes.filter((r, i) => i === 0 || r !== market.regimes[i - 1]).slice(0, 4);
    expect(order).toEqual([...SIMULATED_REGIMES]);
  });

  it('has the volatilities and the changing stock-bond correlation of its table', () => {
    expect(volatility(within('expansion', 'US_EQUITY'))).toBeCloseTo(0.115, 1);
    const ratio = volatility(within('crisis', 'US_EQUITY')) / volatility(within('expansion', 'US_EQUITY'));
    expect(ratio).toBeGreaterThan(2.2);
    const bonds = (r: string) => correlation(within(r, 'US_EQUITY'), within(r, 'US_TREASURY_10Y'));
    expect(bonds('crisis')).toBeLessThan(-0.3);
    expect(bonds('tightening')).toBeGreaterThan(0.3);
  });

  it('lists every planted defect and has none when asked for a clean market', () => {
    expect(new Set(market.defects.map((d) => d.rule)).size).toBe(8);
    expect(market.defects.length).toBeGreaterThan(90);
    const clean = simulateMarket({ seed: 7, years: 2, defectsPerYear: 0 });
    expect(clean.defects).toEqual([]);
    clean.bars.forEach((bar, i) => expect(bar.prices.map((p) => p.value)).toEqual(clean.closes[i]));
  });

  it('publishes macro values late and revises some of them', () => {
    const production = market.macro.filter((m) => m.seriesId === 'PRODUCTION_YOY' && m.eventTime === '2010-05-01');
    expect(production.map((m) => m.revision)).toEqual([0, 1, 2]);
    expect(production[0].knownDate > '2010-05-31').toBe(true);
    expect(new Set(production.map((m) => m.value)).size).toBeGreaterThan(1);
  });

  it('can be written as CSV, a row a value', () => {
    const files = simulationFiles(market);
    expect(files.map((f) => f.name)).toEqual([
      'prices.csv',
      'macro.csv',
      'headlines.csv',
      'true-regime.csv',
      'planted-defects.csv',
    ]);
    for (const file of files) expect(file.text.trimEnd().split('\n')).toHaveLength(file.rows + 1);
  });
});
