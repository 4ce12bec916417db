import { createRng, type IsoDate } from '@allostat/kernel';
import { addDays, decayOfHalfLife } from '@allostat/quant';
import type { Observation, ObservationsRecorded } from '../observation/events';
import type { Universe } from '../universe/universe';
import { decideSignals } from './decide-signals';
import type { SignalSnapshotPublished } from './events';
import { initialSignalState } from './signal-state';

const MACRO = ['VIXCLS', 'VXVCLS', 'DGS10', 'DGS2', 'DGS3MO', 'BAA', 'AAA', 'UNRATE', 'INDPRO', 'CFNAI'];
const universe: Universe = {
  id: 'u',
  version: 1,
  currency: 'USD',
  instruments: [
    { id: 'STOCKS', assetClass: 'equity' },
    { id: 'BONDS', assetClass: 'government-bond' },
    { id: 'BILLS', assetClass: 'cash' },
  ],
  context: MACRO.map((seriesId) => ({ seriesId, role: 'macro' as const })),
};

interface World {
  readonly dates: readonly IsoDate[];
  readonly closes: readonly (readonly number[])[];
  /** Daily values of the first seven series, a row a bar, known on their day. */
  readonly daily: readonly (readonly number[])[];
  /** Months of the last three series; known ten days after the month. */
  readonly months: readonly { readonly date: IsoDate; readonly known: IsoDate; readonly values: readonly number[] }[];
}

function draw(bars: number): World {
  const rng = createRng(11, 'context-signals');
  const dates: IsoDate[] = [];
  for (let day = '2001-01-01'; dates.length < bars; day = addDays(day, 1)) {
    const weekday = new Date(day).getUTCDay();
    if (weekday > 0 && weekday < 6) dates.push(day);
  }
  let closes = [100, 100, 100];
  let daily = [20, 21, 4, 3, 2.5, 9, 6];
  const rows = dates.map(() => {
    closes = closes.map((close, i) => close * Math.exp([0.01, 0.004, 0][i] * rng.normal() + [0, 0, 1e-4][i]));
    daily = daily.map((value, i) => Math.max(0.1, value + [1, 0.7, 0.05, 0.05, 0.05, 0.03, 0.02][i] * rng.normal()));
    return { closes, daily };
  });
  let values = [5, 100, 0];
  const months = Array.from({ length: Math.floor(bars / 21) }, (_, i) => {
    const date = `${2001 + Math.floor(i / 12)}-${String((i % 12) + 1).padStart(2, '0')}-01`;
    values = [values[0] + 0.1 * rng.normal(), values[1] * (1 + 0.005 * rng.normal()), rng.normal()];
    return { date, known: addDays(date, 40), values };
  });
  return { dates, closes: rows.map((row) => row.closes), daily: rows.map((row) => row.daily), months };
}

function feedOf({ dates, closes, daily, months }: World): ObservationsRecorded[] {
  return dates.map((date, sequence) => {
    const at = (seriesId: string, kind: Observation['kind'], value: number, eventTime = date): Observation => ({
      seriesId,
      kind,
      eventTime,
      knownTime: `${date}T21:00:00.000Z`,
      revision: 0,
      value,
    });
    const before = sequence === 0 ? '0000-01-01' : dates[sequence - 1];
    const fresh = months.filter(({ known }) => known > before && known <= date);
    return {
      type: 'ObservationsRecorded',
      universeId: 'u',
      feed: 'f',
      sequence,
      barClose: date,
      observations: [
        ...universe.instruments.map(({ id }, i) => at(id, 'price', closes[sequence][i])),
        ...MACRO.slice(0, 7).map((id, i) => at(id, 'macro', daily[sequence][i])),
        ...fresh.flatMap((month) => MACRO.slice(7).map((id, i) => at(id, 'macro', month.values[i], month.date))),
      ],
    };
  });
}

function snapshotsOf(feed: readonly ObservationsRecorded[]): SignalSnapshotPublished[] {
  let { state } = decideSignals({ type: 'UniverseVersioned', universe }, initialSignalState(), {
    now: '2000-01-01T00:00:00.000Z',
  });
  return feed.flatMap((delivery) => {
    const decision = decideSignals(delivery, state, { now: `${delivery.barClose}T21:00:00.000Z` });
    state = decision.state;
    return decision.events.filter((event) => event.type === 'SignalSnapshotPublished');
  });
}

const valueOf = (snapshot: SignalSnapshotPublished, name: string): number | undefined => {
  const found = snapshot.signals.find((signal) => signal.name === name);
  if (found === undefined) throw new Error(`no signal ${name}`);
  return found.value;
};

describe('signals from context series, bar by bar, are those of the whole series up to the bar', () => {
  const world = draw(900);
  const snapshots = snapshotsOf(feedOf(world));
  const bars = [260, 400, 555, 899];
  const upTo = (bar: number, column: number) => world.daily.slice(0, bar + 1).map((row) => row[column]);
  const monthsOf = (bar: number, column: number) =>
    world.months.filter(({ known }) => known <= world.dates[bar]).map(({ values }) => values[column]);
  const share = (values: readonly number[], step: number) => {
    const bins = values.map((value) => Math.floor(value / step));
    const own = bins[bins.length - 1];
    return bins.reduce((sum, bin) => sum + (bin < own ? 1 : bin === own ? 0.5 : 0), 0) / bins.length;
  };

  it.each(bars)('on bar %d', (bar) => {
    const vix = upTo(bar, 0);
    const is = (name: string, expected: number) => expect(valueOf(snapshots[bar], name)).toBeCloseTo(expected, 10);
    is('volatility.vix.percentile', share(vix, 0.5));
    is('volatility.vix.change20d', vix[bar] - vix[bar - 20]);
    is('volatility.vix.term-structure', vix[bar] / world.daily[bar][1]);
    is('macro.curve.10y-2y', world.daily[bar][2] - world.daily[bar][3]);
    is('macro.curve.10y-3m', world.daily[bar][2] - world.daily[bar][4]);
    const spreads = world.daily.slice(0, bar + 1).map((row) => row[5] - row[6]);
    is('macro.credit-spread.percentile', share(spreads, 0.05));
  });

  it.each([400, 555, 899])('of months, on bar %d', (bar) => {
    const is = (name: string, expected: number) => expect(valueOf(snapshots[bar], name)).toBeCloseTo(expected, 10);
    const [unemployment, production, activity] = [0, 1, 2].map((column) => monthsOf(bar, column));
    const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
    const averages = unemployment.map((_, i) => mean(unemployment.slice(Math.max(0, i - 2), i + 1)));
    const last = unemployment.length - 1;
    is('macro.unemployment.sahm', averages[last] - Math.min(...averages.slice(last - 12, last)));
    is('macro.activity.average3m', mean(activity.slice(-3)));
    is('macro.production.growth12m', production[last] / production[last - 12] - 1);
    const growths = production.map((level, i) => level / production[i - 1] - 1).slice(-13);
    const past = growths.slice(0, 12);
    const deviation = Math.sqrt(past.reduce((sum, g) => sum + (g - mean(past)) ** 2, 0) / 11);
    is('macro.production.surprise', (growths[12] - mean(past)) / deviation);
  });

  it.each(bars)('of prices: time-series momentum and Sortino ratio, on bar %d', (bar) => {
    const closes = (i: number) => world.closes.slice(0, bar + 1).map((row) => row[i]);
    const year = (i: number) => closes(i)[bar] / closes(i)[bar - 252] - 1;
    const returns = closes(0).flatMap((close, t, all) => (t === 0 ? [] : [close / all[t - 1] - 1]));
    const weighted = (values: readonly number[], halfLife: number) =>
      values.reduce((m, v, t) => m + Math.max(1 - decayOfHalfLife(halfLife), 1 / (t + 1)) * (v - m), 0);
    const deviation = Math.sqrt(
      261 *
        weighted(
          returns.map((r) => r * r),
          42,
        ),
    );
    const direction = (i: number) => Math.sign(year(i) - year(2));
    expect(valueOf(snapshots[bar], 'momentum.equity.tsmom')).toBeCloseTo((direction(0) * 0.4) / deviation, 8);
    expect(valueOf(snapshots[bar], 'momentum.breadth.tsmom')).toBeCloseTo((direction(0) + direction(1)) / 2, 10);
    const falls = returns.map((r) => Math.min(r, 0) * Math.min(r, 0));
    const sortino = weighted(returns, 20) / Math.sqrt(weighted(falls, 20));
    expect(valueOf(snapshots[bar], 'momentum.equity.sortino')).toBeCloseTo(sortino, 8);
  });

  it('is absent, not old, when a series has ended: ten days of silence for the VIX', () => {
    const feed = feedOf(world).map((delivery, bar) =>
      bar < 600
        ? delivery
        : { ...delivery, observations: delivery.observations.filter(({ seriesId }) => seriesId !== 'VIXCLS') },
    );
    const silent = snapshotsOf(feed.slice(0, 620));
    expect(valueOf(silent[605], 'volatility.vix.percentile')).toBeDefined();
    expect(valueOf(silent[615], 'volatility.vix.percentile')).toBeUndefined();
    expect(valueOf(silent[615], 'volatility.vix.term-structure')).toBeUndefined();
  });

  it('has no signal of a series that the universe does not list', () => {
    const { context: _context, ...bare } = universe;
    const { state } = decideSignals({ type: 'UniverseVersioned', universe: bare }, initialSignalState(), {
      now: '2000-01-01T00:00:00.000Z',
    });
    const [first] = feedOf(world);
    const prices = { ...first, observations: first.observations.filter(({ kind }) => kind === 'price') };
    const [snapshot] = decideSignals(prices, state, { now: `${first.barClose}T21:00:00.000Z` }).events;
    const names = snapshot.type === 'SignalSnapshotPublished' ? snapshot.signals.map(({ name }) => name) : [];
    expect(names).toContain('volatility.equity.garch');
    expect(names.filter((name) => /vix|curve|sahm|production|level/.test(name))).toEqual([]);
  });
});
