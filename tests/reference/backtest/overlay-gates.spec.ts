import { join } from 'node:path';
import {
  backtestStatistics,
  findLookAhead,
  stressFilter,
  type BacktestStatistics,
  type PortfolioPolicy,
} from '@allostat/quant';
import { mandatePolicy, narrowed, type AllocationProposed } from '@allostat/pipeline';
import {
  mandateOf,
  overlayVariants,
  readAnchors,
  runAnchor,
  runMandate,
  type EvidenceSetting,
} from '../../../services/allostat/src/evidence';
import { readMandate } from '../../../services/allostat/src/files/read-mandate';
import { readUniverse } from '../../../services/allostat/src/files/read-universe';
import { describeShared, etf37 } from './etf37';

const root = join(__dirname, '../../..');

describeShared('the default policy on sixteen published anchors, net of 10 basis points', ['data/etf37'], () => {
  const market = etf37();
  const firstRow = market.dates.indexOf('2007-06-29');
  const stressAt = stressFilter('SPY');
  const stress = Float64Array.from(market.dates, (_, row) => (row === 0 ? NaN : (stressAt(market, row) ?? NaN)));
  const universe = readUniverse(join(root, 'examples/universes/etf37.yaml'));
  const setting: EvidenceSetting = {
    market,
    universe,
    cash: 'BIL',
    firstRow,
    cost: 0.001,
    stress,
    stressAhead: stress,
  };
  const { construction } = readMandate(join(root, 'examples/mandates/etf37-overlay.yaml'), universe);
  const anchors = readAnchors(join(root, '../shared/data/etf37/reference_allocations.csv'));
  const riskFree = (market.cashRates as Float64Array).subarray(firstRow);
  const [full, volatility, cut] = overlayVariants(construction as NonNullable<typeof construction>).map(
    (variant) => variant.construction,
  );
  const settings = { full, volatility, cut };
  // the regime cut on all anchors with ALLOSTAT_EXHAUSTIVE=1; docs/evidence holds the figures of every part
  const main =
    process.env.ALLOSTAT_EXHAUSTIVE === '1'
      ? (['full', 'volatility', 'cut'] as const)
      : (['full', 'volatility'] as const);
  const proposals: AllocationProposed[] = [];
  const rows = anchors.map(({ name, weights }) => {
    const net = (simulation: Parameters<typeof backtestStatistics>[0]): BacktestStatistics =>
      backtestStatistics(simulation, { riskFree }).net;
    const run = (key: keyof typeof settings): BacktestStatistics =>
      net(
        runMandate(setting, {
          mandate: mandateOf(weights, settings[key], setting),
          onProposal: (proposal) => proposals.push(proposal),
        }),
      );
    const done = Object.fromEntries(main.map((key) => [key, run(key)])) as Readonly<
      Record<keyof typeof settings, BacktestStatistics>
    >;
    return { name, base: net(runAnchor(setting, weights)), ...done };
  });
  type Row = (typeof rows)[number];
  const mean = (value: (row: Row) => number): number => rows.reduce((sum, row) => sum + value(row), 0) / rows.length;
  const ratio = (key: (typeof main)[number]): number =>
    mean((row) => row[key].maxDrawdown) / mean((row) => row.base.maxDrawdown);
  const gain = (row: Row, key: (typeof main)[number]): number =>
    (row[key].sharpe as number) - (row.base.sharpe as number);

  it('takes the mean maximum drawdown to at most .70 of the anchors, and to .50 with drawdown budget or regime cut', () => {
    expect(rows).toHaveLength(16);
    expect(ratio('volatility')).toBeLessThanOrEqual(0.7);
    for (const key of main.filter((name) => name !== 'volatility')) expect(ratio(key)).toBeLessThanOrEqual(0.5);
  });

  it('gains .05 of Sharpe ratio on average and loses at most .03 on any anchor', () => {
    for (const key of main) {
      expect(mean((row) => gain(row, key))).toBeGreaterThanOrEqual(0.05);
      for (const row of rows) expect([row.name, key, gain(row, key) >= -0.03]).toEqual([row.name, key, true]);
    }
  });

  it('trades at most 1.25 times a year one way and costs at most 30 basis points', () => {
    for (const key of main) {
      expect(Math.max(...rows.map((row) => row[key].turnoverPerYear))).toBeLessThanOrEqual(1.25);
      expect(Math.max(...rows.map((row) => row[key].costPerYear))).toBeLessThanOrEqual(0.003);
    }
  });

  it('beats 60/40 in Sharpe ratio at no more than 60 % of its drawdown', () => {
    const row = rows.find(({ name }) => name === 'us_60_40') as Row;
    expect(row.full.sharpe as number).toBeGreaterThan(row.base.sharpe as number);
    expect(row.full.maxDrawdown).toBeLessThanOrEqual(0.6 * row.base.maxDrawdown);
  });

  it('explains every change of every proposal of sixteen years to 1e-12', () => {
    expect(proposals.length).toBeGreaterThan(2000);
    let worst = 0;
    for (const { weights, explanation } of proposals) {
      const parts = new Map(explanation?.attribution.map((entry) => [entry.instrument, entry.parts]));
      for (const { instrument, previousWeight, targetWeight } of weights) {
        const sum = (parts.get(instrument) ?? []).reduce((total, { change }) => total + change, 0);
        worst = Math.max(worst, Math.abs(sum - (targetWeight - previousWeight)));
      }
    }
    expect(worst).toBeLessThan(1e-12);
  });

  it('changes no decision when the data after it is taken away', () => {
    const { weights } = anchors.find(({ name }) => name === 'all_weather') as (typeof anchors)[number];
    const own = narrowed(market, [...Object.keys(weights), 'BIL']);
    const instruments = own.assets.flatMap((id) => universe.instruments.filter((instrument) => instrument.id === id));
    const mandate = mandateOf(weights, { ...full, regimeCut: 0.6 }, setting);
    const make = (): PortfolioPolicy => {
      const at = stressFilter('SPY');
      return mandatePolicy({
        mandate,
        universe: { ...universe, instruments },
        regimeAt: ({ history, row }) => {
          const p = at(history, row) ?? 0; // before the first fit there is no stress
          return {
            regime: p > 0.5 ? 'crisis' : 'expansion',
            probabilities: { expansion: 1 - p, tightening: 0, crisis: p, recovery: 0 },
            forecasts: [],
          };
        },
      });
    };
    const cutRows = ['2008-10-31', '2015-06-15', '2020-03-20'].map((date) => own.dates.indexOf(date));
    expect(findLookAhead(own, make, { firstRow, scheduledRows: [], everyRow: true, cutRows })).toBeUndefined();
  });
});
