import type { Signal } from './events';

/** What a signal of the market is, as a reader of snapshots needs to know it. */
export interface SignalDefinition {
  readonly name: string;
  readonly family: Signal['family'];
  readonly units: string;
  readonly definition: string;
  /** How far back it reads. */
  readonly lookBack: string;
  /** Who described it first; absent for plain arithmetic. */
  readonly reference?: string;
}

/** Start of the names of context series that are passed on as they are published: `macro.level.` and the id of the series. */
const LEVEL = 'macro.level.';

const CATALOGUE: readonly (readonly [
  name: string,
  family: Signal['family'],
  units: string,
  lookBack: string,
  definition: string,
  reference?: string,
])[] = [
  ['return.equity.1d', 'momentum', 'decimal', '1 bar', 'simple return of the equity proxy since the last bar'],
  ['return.bond.1d', 'momentum', 'decimal', '1 bar', 'simple return of the government-bond proxy since the last bar'],
  ['return.credit.1d', 'momentum', 'decimal', '1 bar', 'simple return of the corporate-bond proxy since the last bar'],
  ['return.gold.1d', 'momentum', 'decimal', '1 bar', 'simple return of the gold proxy since the last bar'],
  ['return.commodity.1d', 'momentum', 'decimal', '1 bar', 'simple return of the commodity proxy since the last bar'],
  [
    'return.real-estate.1d',
    'momentum',
    'decimal',
    '1 bar',
    'simple return of the real-estate proxy since the last bar',
  ],
  [
    'return.inflation-linked.1d',
    'momentum',
    'decimal',
    '1 bar',
    'simple return of the inflation-linked proxy since the last bar',
  ],
  ['return.equity.63d', 'momentum', 'decimal', '63 bars', 'simple return of the equity proxy'],
  ['return.equity.126d', 'momentum', 'decimal', '126 bars', 'simple return of the equity proxy'],
  ['return.bond.126d', 'momentum', 'decimal', '126 bars', 'simple return of the bond proxy'],
  [
    'momentum.average.12m1',
    'momentum',
    'decimal',
    '252 bars',
    'return from 252 to 21 bars ago, mean over the instruments',
    'Jegadeesh and Titman, 1993',
  ],
  [
    'momentum.equity.tsmom',
    'momentum',
    'multiple of capital',
    '252 bars; volatility half-life 42',
    'sign of the return of 252 bars less that of cash where there is one, times 40 % over the yearly volatility',
    'Moskowitz, Ooi and Pedersen, 2012',
  ],
  [
    'momentum.bond.tsmom',
    'momentum',
    'multiple of capital',
    '252 bars; volatility half-life 42',
    'the same of the bond proxy',
    'Moskowitz, Ooi and Pedersen, 2012',
  ],
  [
    'momentum.breadth.tsmom',
    'momentum',
    'share from -1 to 1',
    '252 bars',
    'mean sign of the return of 252 bars less that of cash, over the instruments but cash',
    'Moskowitz, Ooi and Pedersen, 2012',
  ],
  [
    'momentum.equity.sortino',
    'momentum',
    'ratio a bar',
    'half-life 20 bars',
    'mean return over downside deviation of the equity proxy',
  ],
  ['trend.equity', 'trend', 'decimal', '200 bars', 'last close over the mean of 200, less 1'],
  ['trend.equity.cross', 'trend', 'decimal', '200 bars', 'mean of 50 closes over the mean of 200, less 1'],
  ['trend.breadth', 'trend', 'share', '200 bars', 'share of the instruments above their mean of 200 closes'],
  [
    'volatility.equity',
    'volatility',
    'decimal a year',
    'decay .94 a bar',
    'root of the weighted mean square of the equity proxy',
    'RiskMetrics, 1996',
  ],
  [
    'volatility.average',
    'volatility',
    'decimal a year',
    'decay .94 a bar',
    'the same, mean over the instruments',
    'RiskMetrics, 1996',
  ],
  [
    'volatility.equity.har',
    'volatility',
    'decimal a year',
    'all bars so far, at least 272',
    "forecast of the next bar from today's square and the means of 5 and 22",
    'Corsi, 2009',
  ],
  [
    'volatility.equity.garch',
    'volatility',
    'decimal a year',
    'all bars so far, at least 250',
    'forecast of the next bar by the likeliest of nine GARCH(1,1) with targeted variance',
    'Bollerslev, 1986; Engle and Mezrich, 1996',
  ],
  [
    'volatility.equity.garch21d',
    'volatility',
    'decimal a year',
    'all bars so far, at least 250',
    'the same, mean of the next 21 bars',
    'Bollerslev, 1986; Engle and Mezrich, 1996',
  ],
  [
    'volatility.equity.downside',
    'volatility',
    'decimal a year',
    'half-life 20 bars',
    'root of the mean squared fall of the equity proxy',
  ],
  [
    'volatility.equity.clustering',
    'volatility',
    'correlation',
    'half-life 125 bars, at least 250',
    'correlation of squared returns of the equity proxy with those of the bar before',
  ],
  [
    'volatility.equity.arch-test',
    'volatility',
    'chi-squared(1)',
    'half-life 125 bars, at least 250',
    'test that volatility does not cluster, one lag; above 3.84 it does, at one in twenty',
    'Engle, 1982',
  ],
  [
    'volatility.vix.percentile',
    'volatility',
    'share',
    'all bars so far, at least 252',
    'share of the bars so far on which the VIX was lower, in steps of half a point',
  ],
  ['volatility.vix.change20d', 'volatility', 'index points', '20 bars', 'change of the VIX'],
  [
    'volatility.vix.term-structure',
    'volatility',
    'ratio',
    '1 bar',
    'VIX over its three-month index; above 1 the near month is feared more',
  ],
  ['correlation.average', 'correlation', 'correlation', 'half-life 42 bars', 'mean over all pairs with 60 returns'],
  ['correlation.stock-bond', 'correlation', 'correlation', 'half-life 42 bars', 'equity proxy with bond proxy'],
  [
    'correlation.absorption',
    'correlation',
    'share of variance',
    'half-life 252 bars, every 21',
    'share of variance in the strongest fifth of components',
    'Kritzman, Li, Page and Rigobon, 2011',
  ],
  [
    'correlation.absorption.shift',
    'correlation',
    'standard deviations of a year',
    '252 bars',
    'last month of it against its last year; above 1 the market is fragile',
    'Kritzman, Li, Page and Rigobon, 2011',
  ],
  [
    'turbulence',
    'turbulence',
    'multiple of an ordinary day',
    'half-life 252 bars',
    'squared Mahalanobis distance of the bar from zero over the number of instruments, against the bars before',
    'Kritzman and Li, 2010',
  ],
  [
    'turbulence.correlation-surprise',
    'turbulence',
    'multiple of an ordinary day',
    'half-life 252 bars',
    'turbulence over what it would be without correlations: how unusual the combination of the moves was',
    'Kinlaw and Turkington, 2014',
  ],
  ['drawdown.equity', 'drawdown', 'decimal', 'all bars so far', 'last close over the highest, less 1'],
  [
    'macro.policy-rate.change6m',
    'macro',
    'percentage points',
    '6 months',
    'change of the policy or bill rate (POLICY_RATE, FEDFUNDS, DFF or TB3MS)',
  ],
  [
    'macro.credit-spread.change6m',
    'macro',
    'percentage points',
    '6 months',
    'change of the credit spread (CREDIT_SPREAD, BAMLH0A0HYM2, BAA10Y, or BAA less AAA)',
  ],
  [
    'macro.credit-spread.percentile',
    'macro',
    'share',
    'all bars so far, at least 252',
    'share of the bars so far on which it was lower, in steps of .05',
  ],
  [
    'macro.curve.10y-3m',
    'macro',
    'percentage points',
    'newest value',
    'ten years less three months (T10Y3M, DGS10, UST10Y or GS10 with its three-month rate)',
    'Estrella and Mishkin, 1998',
  ],
  [
    'macro.curve.10y-2y',
    'macro',
    'percentage points',
    'newest value',
    'ten years less two (T10Y2Y, DGS10, UST10Y or GS10 with its two-year rate)',
  ],
  [
    'macro.recession.probability12m',
    'macro',
    'probability',
    'newest value',
    'probit of a US recession twelve months on, on the slope from three months to ten years; fitted to December 1999',
    'Estrella and Mishkin, 1998',
  ],
  [
    'macro.unemployment.sahm',
    'macro',
    'percentage points',
    '15 months',
    'three-month mean of the unemployment rate less the lowest of the twelve before; from .5 on a recession',
    'Sahm, 2019',
  ],
  [
    'macro.activity.average3m',
    'macro',
    'standard deviations',
    '3 months',
    'mean of the Chicago Fed activity index (CFNAI); below -.7 a recession has begun',
    'Federal Reserve Bank of Chicago',
  ],
  [
    'macro.production.growth12m',
    'macro',
    'decimal',
    '13 months',
    'growth of industrial production (INDPRO), newest vintage of each month',
  ],
  [
    'macro.production.surprise',
    'macro',
    'standard deviations',
    '14 months',
    'its last monthly growth against the mean of the twelve before, in their standard deviations',
  ],
  ['sentiment.news', 'sentiment', 'score from -1 to 1', 'half-life 5 bars', 'mean tone of headlines'],
];

/** Every signal of the market that a snapshot may have, by name. */
export const SIGNAL_DEFINITIONS: readonly SignalDefinition[] = [
  ...CATALOGUE.map(([name, family, units, lookBack, definition, reference]) => ({
    name,
    family,
    units,
    definition,
    lookBack,
    ...(reference !== undefined && { reference }),
  })),
  {
    name: `${LEVEL}*`,
    family: 'macro',
    units: 'as published',
    definition:
      'newest value of a macro series of the universe; an index that its source re-estimates looks ahead unless its vintages are read',
    lookBack: 'newest value',
  },
];

/**
 * When a value may be used: prices at the close of their bar; macro series from the time their source, or the lag of their import
 * profile, says that they were known; a revision from its own time on.
 */
export function publicationOf({ family, name }: SignalDefinition): string {
  if (name.startsWith('volatility.vix')) return 'lag of the profile of the series; at most 10 days old';
  if (family === 'macro') return 'lag of the profile of the series, each vintage from its own day';
  return family === 'sentiment' ? 'time of the headline' : 'close of the bar';
}

const BY_NAME = new Map(SIGNAL_DEFINITIONS.map((definition) => [definition.name, definition]));

/** A signal with the family and units of its definition; a value that is unknown stays absent. Throws for a name that nobody defined. */
export function signalOf(name: string, value: number | undefined): Signal {
  const definition = BY_NAME.get(name.startsWith(LEVEL) ? `${LEVEL}*` : name);
  if (definition === undefined) throw new Error(`signal ${name} has no definition`);
  const { family, units } = definition;
  return value === undefined ? { name, family, units } : { name, family, units, value };
}
