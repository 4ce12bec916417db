import { createRng, deepFreeze } from '@allostat/kernel';
import { simulatePortfolio, type MarketHistory } from '@allostat/quant';
import { mandatePolicy, NO_REGIMES } from '../backfill/mandate-policy';
import { convertHistory, type RateHistory } from '../backtest/convert-history';
import { simulatePortfolioSpec } from '../backtest/simulate-portfolio-spec';
import { indicativeOrders, indicativeValue } from '../governance/indicative-orders';
import type { Mandate } from '../mandate/mandate';
import { mandateFaults } from '../mandate/mandate-schema';
import { SAMPLE_MANDATE } from '../mandate/sample-mandate';
import { feedFromObservations } from '../observation/feed-from-observations';
import type { Observation } from '../observation/events';
import type { AllocationProposed } from '../optimization/events';
import type { RegimeAssessed } from '../regime-detection/events';
import { decideSignals } from '../signal-ingestion/decide-signals';
import type { SignalSnapshotPublished } from '../signal-ingestion/events';
import { initialSignalState } from '../signal-ingestion/signal-state';
import { nextForeignLevel, unitPrice, type ForeignLevel } from './foreign-level';
import type { Universe } from './universe';
import { universeSchema } from './universe-schema';

/** A mandate in euros: American shares unhedged, an American bond hedged, a euro bond, euro cash. EURUSD is quoted in dollars a euro. */
const UNIVERSE: Universe = deepFreeze<Universe>({
  id: 'euro',
  version: 1,
  currency: 'EUR',
  instruments: [
    { id: 'US_EQ', assetClass: 'equity', currency: 'USD' },
    { id: 'US_BOND', assetClass: 'government-bond', currency: 'USD', hedged: true },
    { id: 'EU_BOND', assetClass: 'government-bond' },
    { id: 'CASH', assetClass: 'cash' },
  ],
  currencies: [{ code: 'USD', rate: 'EURUSD', inverted: true, shortRate: 'FEDFUNDS' }],
  shortRate: 'ESTR',
  equityProxy: 'US_EQ',
});
const years = { own: 360, foreign: 360 };
const usd = (price: number, rate: number, rateAt: string) => ({ currency: 'USD', price, rate, rateAt });

describe('a level in the currency of the mandate, worked by hand', () => {
  // a Friday and a Monday: 100 -> 102 dollars, 0.90 -> 0.95 euros a dollar, 2 % here and 5 % there
  const friday = { date: '2024-03-01', quote: usd(100, 0.9, '2024-03-01') };
  const monday = { date: '2024-03-04', quote: usd(102, 0.95, '2024-03-04') };
  const carry = { own: 0.02, foreign: 0.05 };

  it('without a hedge is the price at the rate: 90.00 to 96.90, a gain of 7.67 % of which the rate is 5.56 %', () => {
    const before = nextForeignLevel(undefined, friday, years);
    const after = nextForeignLevel(before, monday, years);
    expect([before.level, after.level]).toEqual([90, 96.89999999999999]);
    expect(after.level / before.level - 1).toBeCloseTo(0.0766667, 7);
  });

  it('with a hedge earns its own return at the new rate and the forward premium of three days', () => {
    const before = nextForeignLevel(undefined, { ...friday, carry }, years);
    const after = nextForeignLevel(before, { ...monday, carry: { own: 0.9, foreign: 0 } }, years);
    // (1 + .02 3/360) / (1 + .05 3/360) = .99975010; + .02 x .95 / .90 = .02111111: rates of Monday do not count yet
    expect(after.level / before.level).toBeCloseTo(1.02086121, 7);
  });

  it('over a year at rest loses the difference of the rates, whatever the dollar does', () => {
    let level: ForeignLevel | undefined;
    for (let day = 0; day <= 360; day++) {
      const date = new Date(Date.UTC(2023, 0, 1 + day)).toISOString().slice(0, 10);
      level = nextForeignLevel(level, { date, quote: usd(100, 0.9 + 0.001 * (day % 7), date), carry }, years);
    }
    expect((level as ForeignLevel).level / 90).toBeCloseTo(Math.exp(0.02 - 0.05), 4);
  });
});

const DAYS = 420;
const rng = createRng(17);
const dates: string[] = [];
for (let t = 0; dates.length < DAYS; t++) {
  const day = new Date(Date.UTC(2022, 0, 3 + t));
  if (day.getUTCDay() % 6 !== 0) dates.push(day.toISOString().slice(0, 10));
}
const walk = (start: number, size: number, drift = 0): number[] => {
  let value = start;
  return dates.map(() => (value *= 1 + drift + size * rng.normal()));
};
const prices: Record<string, number[]> = {
  US_EQ: walk(400, 0.011, 0.0004),
  US_BOND: walk(95, 0.004),
  EU_BOND: walk(110, 0.003),
  CASH: walk(100, 0.00001, 0.00005),
};
const rates: Record<string, number[]> = {
  EURUSD: walk(1.1, 0.005),
  ESTR: dates.map(() => 0.02),
  FEDFUNDS: dates.map((_, t) => (t < 200 ? 0.045 : 0.0525)),
};
/** The rate is missing on these rows: two are bridged, then it is too old. */
const GAP = [300, 301, 302, 303, 304];
/** A short rate is published the day after. */
const lagOf = (series: string): number => (series === 'EURUSD' ? 0 : 1);
const at = (date: string, hours: number): string => `${date}T${String(hours).padStart(2, '0')}:00:00.000Z`;

const published = (gap: readonly number[]): Observation[] =>
  dates.flatMap((date, t) => [
    ...Object.entries(prices).map(([seriesId, values]): Observation => {
      return { seriesId, kind: 'price', eventTime: date, knownTime: at(date, 21), revision: 0, value: values[t] };
    }),
    { seriesId: 'US_EQ', kind: 'volume', eventTime: date, knownTime: at(date, 21), revision: 0, value: 1000 },
    ...Object.entries(rates).flatMap(([seriesId, values]): Observation[] => {
      if (seriesId === 'EURUSD' && gap.includes(t)) return [];
      const day = new Date(Date.parse(date) + 86_400_000 * lagOf(seriesId)).toISOString().slice(0, 10);
      return [{ seriesId, kind: 'macro', eventTime: date, knownTime: at(day, 16), revision: 0, value: values[t] }];
    }),
  ]);

function line(list: readonly Observation[]) {
  const snapshots: SignalSnapshotPublished[] = [];
  const stale: string[] = [];
  let state = decideSignals({ type: 'UniverseVersioned', universe: UNIVERSE }, initialSignalState(), {
    now: at(dates[0], 0),
  }).state;
  for (const delivery of feedFromObservations(list, UNIVERSE)) {
    const decision = decideSignals(delivery, state, { now: at(delivery.barClose as string, 21) });
    state = decision.state;
    for (const event of decision.events) {
      if (event.type === 'SignalSnapshotPublished') snapshots.push(event);
      if (event.type === 'ObservationQuarantined' && event.rule === 'stale') stale.push(event.reason);
    }
  }
  return { snapshots, stale };
}
const observations = published(GAP);
const { snapshots, stale } = line(observations);
const local: MarketHistory = {
  dates,
  assets: Object.keys(prices),
  levels: Float64Array.from(dates.flatMap((_, t) => Object.values(prices).map((values) => values[t]))),
};
const historiesOf = (gap: readonly number[]): ReadonlyMap<string, RateHistory> =>
  new Map(
    Object.entries(rates).map(([series, values]): [string, RateHistory] => [
      series,
      dates.flatMap((eventTime, t) => {
        if (series === 'EURUSD' && gap.includes(t)) return [];
        const knownOn = new Date(Date.parse(eventTime) + 86_400_000 * lagOf(series)).toISOString().slice(0, 10);
        return [{ value: values[t], eventTime, knownOn }];
      }),
    ]),
  );
const { market } = convertHistory(local, UNIVERSE, historiesOf(GAP));
const told = (t: number, id: string) => snapshots[t].instruments.find((bar) => bar.id === id);

describe('a universe whose instruments are quoted in several currencies', () => {
  it('publishes levels in its own currency with the quote, the rate and its day', () => {
    expect(told(10, 'US_EQ')?.quote).toEqual(usd(prices.US_EQ[10], 1 / rates.EURUSD[10], dates[10]));
    expect(told(10, 'US_EQ')?.close).toBe(prices.US_EQ[10] * (1 / rates.EURUSD[10]));
    expect(told(10, 'EU_BOND')?.close).toBe(prices.EU_BOND[10]);
    expect(told(10, 'EU_BOND')?.quote).toBeUndefined();
    const unhedged = (told(11, 'US_EQ')?.close as number) / (told(10, 'US_EQ')?.close as number) - 1;
    expect(told(11, 'US_EQ')?.return).toBeCloseTo(unhedged, 14);
  });

  it('hedges away the exchange rate and keeps the carry: the risk of the hedged bond is that of the bond', () => {
    const deviation = (values: number[]): number => {
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / values.length);
    };
    const own = dates.slice(2, 290).map((_, t) => prices.US_BOND[t + 2] / prices.US_BOND[t + 1] - 1);
    const hedged = dates.slice(2, 290).map((_, t) => told(t + 2, 'US_BOND')?.return as number);
    expect(deviation(hedged)).toBeCloseTo(deviation(own), 4);
    const open = own.map((change, t) => (1 + change) * (rates.EURUSD[t + 1] / rates.EURUSD[t + 2]) - 1);
    expect(deviation(open)).toBeGreaterThan(1.3 * deviation(own));
    const carried = hedged.reduce((sum, value, t) => sum + value - own[t], 0);
    expect(carried).toBeLessThan(-0.02); // some 2.5 to 3.25 % a year over fourteen months, less what rates took
    expect(carried).toBeGreaterThan(-0.05);
  });

  it('converts by no rate that is too old: the instrument has no new price, and the reason is said', () => {
    const fresh = GAP.map((t) => told(t, 'US_EQ')?.staleBars);
    const ages = GAP.map((t) => (Date.parse(dates[t]) - Date.parse(dates[GAP[0] - 1])) / 86_400_000);
    expect(fresh.map((bars) => bars === 0)).toEqual(ages.map((days) => days <= 4));
    expect(fresh).toContain(1);
    expect(stale[0]).toBe('ESTR is not known yet: US_BOND, quoted in USD, has no price in EUR on 2022-01-03');
    expect(stale.find((reason) => reason.startsWith('EURUSD'))).toMatch(
      /^EURUSD was last known for \d{4}-\d\d-\d\d, \d days before: US_EQ, quoted in USD, has no price in EUR on /,
    );
    const next = GAP[GAP.length - 1] + 1;
    expect(told(next, 'US_EQ')?.close).toBe(prices.US_EQ[next] * (1 / rates.EURUSD[next]));
  });

  it('counts money that changes hands in its own currency', () => {
    const daily = told(100, 'US_EQ')?.averageDailyValue as number;
    expect(daily).toBeGreaterThan(0.7 * 1000 * 300);
    let [sum, weight] = [0, 0];
    for (let t = 0; t <= 100; t++) {
      const decay = Math.exp(Math.log(0.5) / 21);
      sum = decay * sum + (1000 * prices.US_EQ[t]) / rates.EURUSD[t];
      weight = decay * weight + 1;
    }
    expect(daily).toBeCloseTo(sum / weight, 6);
  });

  it('says nothing else of a bar when what became known after it is taken away', () => {
    const cut = dates[250];
    const earlier = line(observations.filter(({ knownTime }) => knownTime <= at(cut, 21)));
    expect(earlier.snapshots).toEqual(snapshots.slice(0, earlier.snapshots.length));
    expect(earlier.snapshots).toHaveLength(251);
  });

  it('is converted in a backtest to the same levels, to the last bit, wherever both have a price', () => {
    dates.forEach((_, t) =>
      local.assets.forEach((id, i) => {
        const bar = told(t, id);
        const level = market.levels[t * 4 + i];
        if (bar?.staleBars === 0 && bar.close !== undefined) expect(level).toBe(bar.close);
        else expect(level).toBeNaN();
      }),
    );
  });
});

describe('a mandate in euros on dollar instruments', () => {
  const mandate: Mandate = {
    ...SAMPLE_MANDATE,
    id: 'euro',
    universeId: 'euro',
    currency: 'EUR',
    notional: 1_000_000,
    anchorWeights: { US_EQ: 0.4, US_BOND: 0.3, EU_BOND: 0.3 },
    construction: {
      core: 'anchor',
      volatilityShare: 0.8,
      tilt: 0.25,
      drawdownControl: true,
      drawdownMultiple: 1.5,
      band: 0.15,
    },
    rebalance: { every: 'month', onRegimeChange: false },
    trading: { lots: { US_EQ: 1, US_BOND: 10 } },
    limits: { default: { min: 0, max: 1 }, noTradeBand: 0 },
  };
  const terms = { firstRow: 30, costs: { proportional: 0.0005 } };
  const collect = () => {
    const proposals: AllocationProposed[] = [];
    return {
      proposals,
      observe: (event: { type: string }) => {
        if (event.type === 'AllocationProposed') proposals.push(event as AllocationProposed);
      },
    };
  };

  it('gets the weights in a backtest that the line would have given it', () => {
    const whole = convertHistory(local, UNIVERSE, historiesOf([]));
    const { snapshots: bars } = line(published([]));
    const ours = collect();
    simulatePortfolioSpec({ kind: 'mandate', mandate, universe: UNIVERSE }, whole.market, {
      ...terms,
      quotes: whole.quotes,
      observe: ours.observe,
    });
    const theirs = collect();
    const assessedAt = (row: number): RegimeAssessed => {
      const { asOf, bar, instruments, coverage } = bars[row];
      const fresh = instruments.map(({ id, close, return: change, staleBars, averageDailyValue, quote }) => ({
        id,
        ...(staleBars === 0 && close !== undefined && { close }),
        ...(change !== undefined && { return: change }),
        staleBars: 0,
        ...(averageDailyValue !== undefined && { averageDailyValue }),
        ...(quote && staleBars === 0 && { quote }),
      }));
      const model = { type: 'RegimeAssessed', logScore: 0, modelVersion: 'backtest', coverage } as const;
      return { ...model, ...NO_REGIMES, universeId: 'euro', asOf, bar, instruments: fresh };
    };
    const policy = mandatePolicy({ mandate, universe: UNIVERSE, assessedAt, observe: theirs.observe });
    simulatePortfolio(whole.market, policy, {
      ...terms,
      scheduledRows: [],
      everyRow: true,
      initialWeights: whole.market.assets.map((asset) => mandate.anchorWeights[asset] ?? 0), // not in the anchor
    });
    expect(ours.proposals.length).toBeGreaterThan(10);
    const weights = ({ asOf, weights: list }: AllocationProposed) => [
      asOf,
      ...list.map(({ targetWeight }) => targetWeight),
    ];
    expect(ours.proposals.map(weights)).toEqual(theirs.proposals.map(weights));
    // whole lots are counted by prices in dollars: what they leave over is less than a lot of an account that has lost less than half
    for (const { residuals = [], prices: priced } of ours.proposals) {
      for (const { instrument, weight } of residuals) {
        const found = priced.find(({ id }) => id === instrument);
        if (instrument === 'CASH' || found === undefined) continue;
        const lot = (mandate.trading?.lots?.[instrument] as number) * unitPrice(found);
        expect(Math.abs(weight)).toBeLessThanOrEqual(lot / (0.5 * mandate.notional));
      }
    }
  });

  it('orders units in the currency of the instrument, with the rate and its day', () => {
    const proposal = {
      weights: [
        { instrument: 'US_EQ', previousWeight: 0.4, targetWeight: 0.5, cost: 0 },
        { instrument: 'US_BOND', previousWeight: 0.3, targetWeight: 0.25, cost: 0 },
        { instrument: 'EU_BOND', previousWeight: 0.3, targetWeight: 0.25, cost: 0 },
      ],
      prices: [
        { id: 'US_EQ', close: 360, quote: usd(400, 0.9, '2024-03-01') },
        { id: 'US_BOND', close: 77, quote: usd(100, 0.9, '2024-03-01') }, // hedged: its level is no price
        { id: 'EU_BOND', close: 125 },
      ],
    };
    const quoted = { currency: 'USD', rate: 0.9, rateAt: '2024-03-01' };
    // 100,000 euros are 111,111 dollars: 278 shares at 400; 50,000 are 55,556: 56 lots of ten at 100
    expect(indicativeOrders(proposal, mandate)).toEqual([
      { instrument: 'US_BOND', side: 'sell', quantity: 560, lotSize: 10, referencePrice: 100, quoted },
      { instrument: 'EU_BOND', side: 'sell', quantity: 400, lotSize: 1, referencePrice: 125 },
      { instrument: 'US_EQ', side: 'buy', quantity: 278, lotSize: 1, referencePrice: 400, quoted },
    ]);
    expect(indicativeValue(proposal, mandate)).toBeCloseTo(560 * 90 + 400 * 125 + 278 * 360, 9);
  });

  it('is refused on a universe in another currency, with what to do', () => {
    const [fault] = mandateFaults({ ...mandate, currency: 'USD' }, UNIVERSE);
    expect(fault).toMatchObject({
      path: ['currency'],
      message: expect.stringMatching(/is USD, universe euro is priced in EUR/) as string,
    });
    expect(fault.hint).toContain('name a universe with currency: USD');
  });
});

describe('a universe file', () => {
  const faults = (change: object): string[] => {
    const { error } = universeSchema.safeParse({ ...UNIVERSE, ...change });
    return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);
  };
  it('with currencies is accepted as it stands', () => expect(faults({})).toEqual([]));

  it.each([
    ['a currency without a rate', { currencies: [] }, 'instruments.0.currency: USD has no rate; currencies lists EUR'],
    ['a hedge without short rates', { shortRate: undefined }, 'instruments.1.hedged: needs the short rates of EUR'],
    [
      'a hedge of its own currency',
      { instruments: [{ id: 'A', assetClass: 'gold', hedged: true }], equityProxy: undefined },
      'instruments.0.hedged: is quoted in EUR',
    ],
    [
      'its own currency as a foreign one',
      { currencies: [{ code: 'EUR', rate: 'X' }] },
      'currencies.0.code: EUR is the currency of the universe',
    ],
    [
      'an instrument as a rate',
      { currencies: [{ code: 'USD', rate: 'CASH', shortRate: 'FEDFUNDS' }] },
      'currencies.0: CASH is an instrument',
    ],
  ])('is refused for %s', (_name, change, message) => {
    const clean = Object.fromEntries(
      Object.entries({ ...UNIVERSE, ...change }).filter(([, value]) => value !== undefined),
    );
    const { error } = universeSchema.safeParse(clean);
    expect((error?.issues ?? []).map(({ path, message: text }) => `${path.join('.')}: ${text}`).join('\n')).toContain(
      message,
    );
  });
});
