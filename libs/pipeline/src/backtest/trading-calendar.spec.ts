import { deepFreeze } from '@allostat/kernel';
import type { Construction, Mandate } from '../mandate/mandate';
import { SAMPLE_MANDATE, SAMPLE_UNIVERSE } from '../mandate/sample-mandate';
import { isOpenDay, openFrom, type TradingCalendar } from '../mandate/trading-calendar';
import { stormMarket } from '../optimization/storm-market.fixture';
import { simulatePortfolioSpec } from './simulate-portfolio-spec';

/** The market of the test has a bar on every day of the year. */
const market = stormMarket(1000);
const calendar: TradingCalendar = deepFreeze<TradingCalendar>({
  id: 'desk',
  from: '2010-01-01',
  to: '2013-12-31',
  weekend: ['saturday', 'sunday'],
  closed: ['2011-04-01', '2011-04-04', '2012-02-29', '2012-03-01', '2012-03-02'],
});
const construction: Construction = {
  core: 'anchor',
  volatilityShare: 0.8,
  tilt: 0.25,
  drawdownControl: true,
  drawdownMultiple: 1.5,
  band: 0.15,
};
const mandate: Mandate = {
  ...SAMPLE_MANDATE,
  construction,
  rebalance: { every: 'month', onRegimeChange: false },
  limits: { default: { min: 0, max: 1 }, noTradeBand: 0 },
};
const run = (delayBars: number, change: Partial<Mandate> = {}) =>
  simulatePortfolioSpec({ kind: 'mandate', mandate: { ...mandate, ...change }, universe: SAMPLE_UNIVERSE }, market, {
    firstRow: 300,
    delayBars,
    costs: { proportional: 0.0005 },
  });

describe('a backtest of a mandate with a calendar', () => {
  it.each([1, 2, 3])('decides on open days and trades %i open days later', (delayBars) => {
    const { decisions, trades } = run(delayBars, { calendar });
    expect(decisions.length).toBeGreaterThan(20);
    for (const { date } of decisions) expect(isOpenDay(calendar, date)).toBe(true);
    for (const { row, decidedRow } of trades) {
      const between = market.dates.slice(decidedRow + 1, row + 1);
      expect(between.filter((date) => isOpenDay(calendar, date))).toHaveLength(delayBars);
      expect(isOpenDay(calendar, market.dates[row])).toBe(true);
    }
  });

  it('takes the first open day of a month where the month begins closed', () => {
    const dates = run(1, { calendar }).decisions.map(({ date }) => date);
    expect(dates).toContain('2011-04-05'); // 1 and 4 April are holidays, 2 and 3 a weekend
    expect(dates).not.toContain('2012-03-01');
    expect(dates).toContain('2012-03-05'); // 1 and 2 March are holidays, 3 and 4 a weekend
    expect(run(1).decisions.map(({ date }) => date)).toEqual(expect.arrayContaining(['2011-04-01', '2012-03-01']));
  });
});

it('an instruction counts from the moment it is released, or from the next open day', () => {
  expect(openFrom(calendar, '2012-03-06T10:00:00.000Z')).toBe('2012-03-06T10:00:00.000Z');
  expect(openFrom(calendar, '2012-02-29T10:00:00.000Z')).toBe('2012-03-05T00:00:00.000Z');
  expect(openFrom(undefined, '2012-03-04T10:00:00.000Z')).toBe('2012-03-04T10:00:00.000Z');
});
