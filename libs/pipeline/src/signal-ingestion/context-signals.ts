import type { IsoDate } from '@allostat/kernel';
import { growthSurprise, recessionProbability, SAHM_MONTHS, sahmIndicator, SURPRISE_MONTHS } from '@allostat/quant';
import type { Universe } from '../universe/universe';
import { changeOverBars, INITIAL_GAUGE, percentile, updateGauge } from './gauge';
import type { ContextState, SignalState } from './signal-state';
import { changeOverMonths, monthBefore, valueOfMonth } from './update-context';

/** Ids under which sources publish a series, in order of preference. */
const POLICY = ['POLICY_RATE', 'FEDFUNDS', 'DFF', 'TB3MS'];
const CREDIT = ['CREDIT_SPREAD', 'BAMLH0A0HYM2', 'BAA10Y'];
const VIX = ['VIX', 'VIXCLS'];
const VIX_3_MONTHS = ['VIX3M', 'VXVCLS'];
const UNEMPLOYMENT = ['UNRATE', 'UNEMPLOYMENT'];
const ACTIVITY = ['CFNAI'];
const PRODUCTION = ['INDPRO'];

/** A spread between two series of one source, or a series that is one; `times` makes percentage points of it. */
interface Spread {
  readonly of: string;
  readonly less?: string;
  readonly times?: number;
}

const SLOPE_3_MONTHS: readonly Spread[] = [
  { of: 'T10Y3M' },
  { of: 'DGS10', less: 'DGS3MO' },
  { of: 'DGS10', less: 'DTB3' },
  { of: 'UST10Y', less: 'UST3M', times: 100 },
  { of: 'GS10', less: 'GS3M' },
  { of: 'GS10', less: 'TB3MS' },
];
const SLOPE_2_YEARS: readonly Spread[] = [
  { of: 'T10Y2Y' },
  { of: 'DGS10', less: 'DGS2' },
  { of: 'UST10Y', less: 'UST2Y', times: 100 },
  { of: 'GS10', less: 'GS2' },
];
const CREDIT_SPREADS: readonly Spread[] = [...CREDIT.map((of) => ({ of })), { of: 'BAA', less: 'AAA' }];

/** Steps of the percentiles: half a point of the VIX, a twentieth of a percentage point of credit. */
const VIX_STEP = 0.5;
const CREDIT_STEP = 0.05;
/** A value that is older than this at the close says nothing of the day: its series has ended, or its source is silent. */
const DAILY_AGE_MAX = 10;
const MONTHLY_AGE_MAX = 150;
const VIX_BARS = 20;

type Series = SignalState['context'];

interface ContextSignal {
  readonly name: string;
  /** Whether a universe has the series for it. */
  readonly fedBy: (ids: ReadonlySet<string>) => boolean;
  readonly read: (state: SignalState) => number | undefined;
}

const anyOf = (wanted: readonly string[]) => (ids: ReadonlySet<string>) => wanted.some((id) => ids.has(id));
const anySpread = (spreads: readonly Spread[]) => (ids: ReadonlySet<string>) =>
  spreads.some(({ of, less }) => ids.has(of) && (less === undefined || ids.has(less)));

const CONTEXT_SIGNALS: readonly ContextSignal[] = [
  {
    name: 'macro.credit-spread.percentile',
    fedBy: anySpread(CREDIT_SPREADS),
    read: ({ gauges }) => (gauges?.credit === undefined ? undefined : percentile(gauges.credit, CREDIT_STEP)),
  },
  {
    name: 'macro.curve.10y-3m',
    fedBy: anySpread(SLOPE_3_MONTHS),
    read: (state) => spreadOf(state, SLOPE_3_MONTHS),
  },
  {
    name: 'macro.curve.10y-2y',
    fedBy: anySpread(SLOPE_2_YEARS),
    read: (state) => spreadOf(state, SLOPE_2_YEARS),
  },
  {
    name: 'macro.recession.probability12m',
    fedBy: anySpread(SLOPE_3_MONTHS),
    read: (state) => {
      const slope = spreadOf(state, SLOPE_3_MONTHS);
      return slope === undefined ? undefined : recessionProbability(slope);
    },
  },
  {
    name: 'macro.unemployment.sahm',
    fedBy: anyOf(UNEMPLOYMENT),
    read: (state) => ofMonths(state, UNEMPLOYMENT, SAHM_MONTHS, sahmIndicator),
  },
  {
    name: 'macro.activity.average3m',
    fedBy: anyOf(ACTIVITY),
    read: (state) => ofMonths(state, ACTIVITY, 3, mean),
  },
  {
    name: 'macro.production.growth12m',
    fedBy: anyOf(PRODUCTION),
    read: (state) =>
      ofMonths(state, PRODUCTION, 13, ([first, ...rest]) => {
        const last = rest[rest.length - 1];
        return first === undefined || last === undefined || !(first > 0) ? undefined : last / first - 1;
      }),
  },
  {
    name: 'macro.production.surprise',
    fedBy: anyOf(PRODUCTION),
    read: (state) => ofMonths(state, PRODUCTION, SURPRISE_MONTHS, growthSurprise),
  },
  {
    name: 'volatility.vix.percentile',
    fedBy: anyOf(VIX),
    read: ({ gauges }) => (gauges?.vix === undefined ? undefined : percentile(gauges.vix, VIX_STEP)),
  },
  {
    name: 'volatility.vix.change20d',
    fedBy: anyOf(VIX),
    read: ({ gauges }) => (gauges?.vix === undefined ? undefined : changeOverBars(gauges.vix, VIX_BARS)),
  },
  {
    name: 'volatility.vix.term-structure',
    fedBy: (ids) => anyOf(VIX)(ids) && anyOf(VIX_3_MONTHS)(ids),
    read: (state) => {
      const [month, quarter] = [oneOf(state, VIX, DAILY_AGE_MAX), oneOf(state, VIX_3_MONTHS, DAILY_AGE_MAX)];
      const together = month !== undefined && month.eventTime === quarter?.eventTime && quarter.value > 0;
      return together ? month.value / quarter.value : undefined;
    },
  },
];

/** The signals that the context series of a universe feed, in a fixed order, with their values as known at the last bar. */
export function contextSignals(state: SignalState): { readonly name: string; readonly value: number | undefined }[] {
  const ids = contextIds(state.universe);
  const halfYear = (series: ContextState | undefined): number | undefined =>
    series === undefined ? undefined : changeOverMonths(series, 6);
  return [
    { name: 'macro.policy-rate.change6m', value: halfYear(firstOf(state.context, POLICY)) },
    { name: 'macro.credit-spread.change6m', value: creditChange(state.context, halfYear) },
    ...CONTEXT_SIGNALS.filter(({ fedBy }) => fedBy(ids)).map(({ name, read }) => ({ name, value: read(state) })),
  ];
}

function creditChange(
  context: Series,
  halfYear: (series: ContextState | undefined) => number | undefined,
): number | undefined {
  const published = firstOf(context, CREDIT);
  if (published !== undefined) return halfYear(published);
  const [low, high] = ['BAA', 'AAA'].map((id) => halfYear(firstOf(context, [id])));
  return low === undefined || high === undefined ? undefined : low - high;
}

/** The gauges after a bar, from what is known at its close; absent for a universe without the series. */
export function updateGauges(state: SignalState): Pick<SignalState, 'gauges'> {
  const ids = contextIds(state.universe);
  const { vix = INITIAL_GAUGE, credit = INITIAL_GAUGE } = state.gauges ?? {}; // before the first bar
  const gauges = {
    ...(anyOf(VIX)(ids) && { vix: updateGauge(vix, oneOf(state, VIX, DAILY_AGE_MAX)?.value, VIX_STEP) }),
    ...(anySpread(CREDIT_SPREADS)(ids) && {
      credit: updateGauge(credit, spreadOf(state, CREDIT_SPREADS), CREDIT_STEP),
    }),
  };
  return Object.keys(gauges).length === 0 ? {} : { gauges };
}

const contextIds = (universe: Universe | undefined): ReadonlySet<string> =>
  new Set(universe?.context?.map(({ seriesId }) => seriesId));

function firstOf(context: Series, ids: readonly string[]): ContextState | undefined {
  for (const id of ids) {
    const found = context.find(({ seriesId }) => seriesId === id);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The first of some series that has a value not older than `days` at the last bar. */
function oneOf(state: SignalState, ids: readonly string[], days: number): ContextState | undefined {
  return firstOf(
    state.context.filter(({ eventTime }) => isFresh(eventTime, state.lastBar, days)),
    ids,
  );
}

const isFresh = (eventTime: IsoDate, lastBar: IsoDate | undefined, days: number): boolean =>
  lastBar !== undefined && Date.parse(lastBar) - Date.parse(eventTime) <= days * 86_400_000;

/** The first spread of which both ends are known of the same day, in percentage points. */
function spreadOf(state: SignalState, spreads: readonly Spread[]): number | undefined {
  for (const { of, less, times = 1 } of spreads) {
    const series = oneOf(state, [of], MONTHLY_AGE_MAX);
    if (series === undefined) continue;
    if (less === undefined) return times * series.value;
    const base = oneOf(state, [less], MONTHLY_AGE_MAX);
    if (base?.eventTime === series.eventTime) return times * (series.value - base.value);
  }
  return undefined;
}

/** `read` of the last `count` months of the first of some series; a month without a value is undefined. */
function ofMonths(
  state: SignalState,
  ids: readonly string[],
  count: number,
  read: (months: readonly (number | undefined)[]) => number | undefined,
): number | undefined {
  const series = oneOf(state, ids, MONTHLY_AGE_MAX);
  if (series === undefined) return undefined;
  const newest = series.eventTime.slice(0, 7);
  return read(Array.from({ length: count }, (_, i) => valueOfMonth(series, monthBefore(newest, count - 1 - i))));
}

function mean(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length < values.length ? undefined : known.reduce((sum, value) => sum + value, 0) / known.length;
}
