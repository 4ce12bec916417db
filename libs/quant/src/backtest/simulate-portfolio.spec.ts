import { createRng, deepFreeze } from '@allostat/kernel';
import { checkLedger, LedgerError, type LedgerTerms } from './ledger';
import { findLookAhead } from './find-look-ahead';
import { monthEndRows, type MarketHistory } from './market-history';
import { fixedWeights, type PortfolioPolicy } from './portfolio-policy';
import { resultHash } from './result-hash';
import { simulatePortfolio, type SimulationOptions } from './simulate-portfolio';

/** Weekdays without holidays, three assets of different volatility, volumes, a cash rate. */
function market(rows = 300): MarketHistory {
  const rng = createRng(11);
  const assets = ['EQ', 'BOND', 'GOLD'];
  const levels = new Float64Array(rows * 3);
  for (let t = 0; t < rows; t++) {
    for (let i = 0; i < 3; i++)
      levels[t * 3 + i] = t === 0 ? 100 : levels[(t - 1) * 3 + i] * (1 + [0.012, 0.004, 0.009][i] * rng.normal());
  }
  const dates = Array.from({ length: rows }, (_, t) => new Date(Date.UTC(2020, 0, 1 + t)).toISOString().slice(0, 10));
  return {
    dates,
    assets,
    levels,
    volumes: new Float64Array(rows * 3).fill(5e6),
    cashRates: new Float64Array(rows).fill(0.0001),
  };
}

const mixed = fixedWeights({ EQ: 0.6, BOND: 0.3 });

function options(data: MarketHistory, more: Partial<SimulationOptions> = {}): SimulationOptions {
  return { scheduledRows: monthEndRows(data.dates), ...more };
}

describe('a simulated account', () => {
  it('agrees with the same account counted by hand', () => {
    const data: MarketHistory = {
      dates: ['2024-01-30', '2024-01-31', '2024-02-01', '2024-02-02'],
      assets: ['A', 'B'],
      levels: Float64Array.from([10, 20, 11, 20, 12, 18, 15, 18]),
      cashRates: Float64Array.from([0, 0.001, 0.001, 0.002]),
    };
    const result = simulatePortfolio(data, fixedWeights({ A: 0.5, B: 0.25 }), {
      scheduledRows: [1],
      startValue: 1000,
      costs: { proportional: 0.01 },
    });
    // 1000 cash earns .1 % twice = 1002.001; on 02-01 trades of 501.0005 and 250.50025 cost 7.5150075
    const before = 1000 * 1.001 * 1.001;
    const cost = 0.0075 * before;
    const after = before - cost;
    const cash = 0.25 * after;
    const last = (0.5 * after * 15) / 12 + 0.25 * after + cash * 1.002;
    const expected = [1000, 1001, after, last];
    expected.forEach((value, t) => expect(result.values[t]).toBeCloseTo(value, 9));
    expect(result.ledger[2].cost).toBeCloseTo(cost, 10);
    expect(result.trades.map(({ row, decidedRow, asset }) => [row, decidedRow, asset])).toEqual([
      [2, 1, 'A'],
      [2, 1, 'B'],
    ]);
    expect(result.trades[0].units).toBeCloseTo((0.5 * after) / 12, 10);
  });

  it('lets weights drift between rebalances and trades one close after the decision', () => {
    const data = market();
    const result = simulatePortfolio(data, mixed, options(data));
    expect(result.decisions.length).toBeGreaterThan(8);
    expect(result.trades.every(({ row, decidedRow }) => row === decidedRow + 1)).toBe(true);
    const traded = new Set(result.trades.map(({ row }) => row));
    expect(result.ledger.filter((_, row) => !traded.has(row)).every(({ traded: money }) => money === 0)).toBe(true);
  });

  it('adds up with every friction at once', () => {
    const data = market();
    const result = simulatePortfolio(
      data,
      ({ scheduled, row }) => (scheduled ? (row % 2 ? [1.1, 0.3, -0.2] : [0.2, 0.5, 0.1]) : undefined),
      options(data, {
        startValue: 1e6,
        delistings: [{ asset: 'BOND', date: data.dates[200], recovery: 0.4 }],
        costs: {
          proportional: { EQ: 0.0005, BOND: 0.0003, GOLD: 0.001 },
          impact: { coefficient: 1, initialVolatility: 0.01 },
          participationMax: 0.05,
          lotUnits: 10,
          minimumTicket: 5000,
          borrowRate: 0.01,
          loanSpread: 0.02,
          managementFee: 0.005,
        },
      }),
    );
    for (const day of result.ledger) {
      const sum = day.open + day.gain + day.interest - day.borrow - day.fee - day.cost;
      expect(Math.abs(sum - day.close)).toBeLessThan(1e-9 * 1e6);
    }
    expect(result.trades.every(({ units }) => Math.abs(units / 10 - Math.round(units / 10)) < 1e-6)).toBe(true);
    expect(result.trades.every(({ value }) => Math.abs(value) <= 0.05 * 5e6 * (1 + 1e-9))).toBe(true);
    expect(new Set(result.unfilled.map(({ reason }) => reason))).toEqual(
      new Set(['participation', 'lot', 'minimum-ticket']),
    );
    expect(result.trades.some(({ impactCost }) => impactCost > 0)).toBe(true);
    expect(result.ledger.some(({ borrow }) => borrow > 0)).toBe(true);
  });

  it('never spends money that it does not have when sales are capped', () => {
    const data = { ...market(40), volumes: new Float64Array(120).fill(2e5) };
    const switching: PortfolioPolicy = ({ row }) => (row < 10 ? [1, 0, 0] : [0, 0, 1]);
    const result = simulatePortfolio(data, switching, {
      scheduledRows: [0, 12],
      startValue: 1e5,
      initialWeights: [1, 0, 0],
      costs: { participationMax: 0.1, proportional: 0.001 },
    });
    expect(result.unfilled.map(({ reason }) => reason)).toContain('participation');
    expect(result.ledger.every(({ cash }) => cash > -1e-6)).toBe(true);
  });

  it('gives the same hash for the same run and another for another cost', () => {
    const data = deepFreeze({ ...market(), levels: market().levels }) as MarketHistory;
    const run = (proportional: number): string =>
      simulatePortfolio(data, mixed, options(data, { costs: { proportional } })).resultHash;
    expect(run(0.001)).toBe(run(0.001));
    expect(run(0.001)).not.toBe(run(0.002));
  });

  it('has a hash that any figure of the result moves', () => {
    const data = market();
    const result = simulatePortfolio(data, mixed, options(data));
    const { resultHash: hash, ...rest } = result;
    expect(resultHash(rest)).toBe(hash);
    const ledger = rest.ledger.map((day, k) => (k === 200 ? { ...day, gain: day.gain * (1 + 2e-16) } : day));
    expect(resultHash({ ...rest, ledger })).not.toBe(hash);
    const trades = rest.trades.map((done, k) => (k === 3 ? { ...done, decidedRow: done.row } : done));
    expect(resultHash({ ...rest, trades })).not.toBe(hash);
  });

  it('does not depend on the size of the account without lots, tickets and volumes', () => {
    const data = market();
    const run = (startValue: number) =>
      simulatePortfolio(data, mixed, options(data, { startValue, costs: { proportional: 0.002 } })).values;
    const large = run(1e8);
    run(1).forEach((value, t) => expect(large[t] / 1e8).toBeCloseTo(value, 12));
  });

  it('refuses a holding without price for long and settles a stated delisting', () => {
    const data = market();
    for (let t = 100; t < 300; t++) data.levels[t * 3] = NaN;
    expect(() => simulatePortfolio(data, mixed, options(data))).toThrow(/EQ is held on 2020-04-20 .* no price for 11/);
    const result = simulatePortfolio(
      data,
      mixed,
      options(data, { delistings: [{ asset: 'EQ', date: data.dates[100], recovery: 0 }] }),
    );
    expect(result.ledger[100].gain / result.ledger[100].open).toBeLessThan(-0.5);
    expect(result.unfilled.some(({ asset, reason }) => asset === 'EQ' && reason === 'no-price')).toBe(true);
  });
});

describe('costs that need volumes', () => {
  it('are refused without them instead of trading nothing', () => {
    const { volumes: _volumes, ...data } = market();
    expect(() => simulatePortfolio(data, mixed, options(data, { costs: { participationMax: 0.1 } }))).toThrow(
      /has no volumes/,
    );
  });
});

describe('planted cheats', () => {
  const data = market();
  const costs = { proportional: 0.001 };
  const result = simulatePortfolio(data, mixed, options(data, { costs }));
  const terms: LedgerTerms = {
    market: data,
    firstRow: 0,
    costs,
    delayBars: 1,
    initialUnits: new Float64Array(3),
    startValue: 1,
    removals: [],
  };

  it('lets the honest account pass', () => {
    expect(() => checkLedger(result.ledger, result.trades, terms)).not.toThrow();
  });

  it('catches cost charged twice, in the trade or in the day', () => {
    const doubled = result.trades.map((trade) => ({ ...trade, proportionalCost: 2 * trade.proportionalCost }));
    expect(() => checkLedger(result.ledger, doubled, terms)).toThrow(/was charged .* once at the stated rate is/);
    const ledger = result.ledger.map((day) => ({ ...day, cost: 2 * day.cost, close: day.close - day.cost }));
    expect(() => checkLedger(ledger, result.trades, terms)).toThrow(LedgerError);
  });

  it('catches impact charged twice', () => {
    const own = { proportional: 0.001, impact: { coefficient: 1, initialVolatility: 0.01 } };
    const run = simulatePortfolio(data, mixed, options(data, { costs: own }));
    const doubled = run.trades.map((done) => ({ ...done, impactCost: 2 * done.impactCost }));
    expect(() => checkLedger(run.ledger, run.trades, { ...terms, costs: own })).not.toThrow();
    expect(() => checkLedger(run.ledger, doubled, { ...terms, costs: own })).toThrow(/once at the stated rate is/);
  });

  it('catches cost that is left out', () => {
    const free = result.ledger.map((day) => ({ ...day, cost: 0 }));
    expect(() => checkLedger(free, result.trades, terms)).toThrow(/the entries add up to/);
  });

  it("catches a trade at the signal's own close", () => {
    const early = simulatePortfolio(data, mixed, options(data, { costs, delayBars: 0 }));
    expect(() => checkLedger(early.ledger, early.trades, terms)).toThrow(/0 bars after its decision, at least 1/);
  });

  it('gives no profit to a signal that only foresees the close on which it is known', () => {
    // the asset that rose today: worth a fortune when bought at the close before, nothing one bar later
    const chase: PortfolioPolicy = ({ row, history }) => {
      const weights = [0, 0, 0];
      let best = -Infinity;
      for (let i = 0; row > 0 && i < 3; i++) {
        const change = history.levels[row * 3 + i] / history.levels[(row - 1) * 3 + i];
        if (change > best) best = change;
        if (change === best) weights.fill(0).splice(i, 1, 1);
      }
      return weights;
    };
    const rows = data.dates.map((_, row) => row);
    const honest = simulatePortfolio(data, chase, { scheduledRows: rows });
    let foreseen = 1;
    for (let t = 1; t < 300; t++)
      foreseen *= Math.max(...[0, 1, 2].map((i) => data.levels[t * 3 + i] / data.levels[(t - 1) * 3 + i]));
    expect(foreseen).toBeGreaterThan(3);
    expect(honest.values[299]).toBeLessThan(1.5);
  });

  it('finds a policy whose decisions change with data after them', () => {
    const cheat = (all: MarketHistory): PortfolioPolicy => {
      const last = all.dates.length - 1;
      const winner = all.levels[last * 3] > all.levels[last * 3 + 1] ? [1, 0, 0] : [0, 1, 0];
      return ({ scheduled }) => (scheduled ? winner : undefined);
    };
    const lag = (): PortfolioPolicy => {
      return ({ scheduled, history: { levels }, row }) =>
        scheduled ? (levels[row * 3] > levels[row * 3 + 1] ? [1, 0, 0] : [0, 1, 0]) : undefined;
    };
    const cutRows = [60, 91, 120, 152, 180, 213, 244, 274];
    expect(findLookAhead(data, lag, { ...options(data, { costs }), cutRows })).toBeUndefined();
    const found = findLookAhead(data, cheat, { ...options(data, { costs }), cutRows });
    expect(found?.date).toBe('2020-01-31');
    expect(found?.full).not.toEqual(found?.truncated);
  });

  it('cannot be read by asking for a later row', () => {
    const peek: PortfolioPolicy = ({ history, row }) => [history.levels[(row + 1) * 3], 0, 0];
    expect(() => simulatePortfolio(data, peek, options(data))).toThrow(/asks for undefined|asks for NaN/);
  });
});
