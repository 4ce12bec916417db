import {
  absorptionShare,
  decayOfHalfLife,
  garchGridStep,
  harVariance,
  updateClustering,
  type ClusteringState,
  initialClustering,
  initialGarchGrid,
  initialHar,
  type GarchGridForecast,
  type GarchGridState,
  type HarState,
} from '@allostat/quant';

const DOWNSIDE_DECAY = decayOfHalfLife(20);
const DOWNSIDE_RETURNS_MIN = 20;
/** The absorption ratio moves slowly and costs most: it is measured once a month of bars. */
const ABSORPTION_EVERY_BARS = 21;
/** Measurements of a month, and of a year. */
const RECENT = 1;
const YEAR = 12;

/** What is remembered for the signals of the equity proxy and of how tightly the market is coupled. Plain data. */
export interface MarketRisk {
  readonly har: HarState;
  readonly harVariance?: number;
  /** Recursions of GARCH and what the likeliest expects; absent in states from before there were any. */
  readonly garch?: GarchGridState;
  readonly garchForecast?: GarchGridForecast;
  /** How squared returns follow each other; absent in states from before it was kept. */
  readonly clustering?: ClusteringState;
  /** EW mean of squared falls (rises count as 0), and the returns seen. */
  readonly downside: number;
  /** EW mean of the returns; absent in states from before it was kept. */
  readonly drift?: number;
  readonly returns: number;
  /** Absorption ratios, newest last, with the basis and the assets of the last one. */
  readonly absorption: readonly number[];
  readonly basis?: Float64Array;
  readonly basisAssets?: readonly number[];
}

export function initialMarketRisk(): MarketRisk {
  return { har: initialHar(), downside: 0, returns: 0, absorption: [] };
}

/** One bar forward. `moments` are the slow second moments after the bar; `bar` is its number. */
export function updateMarketRisk(
  before: MarketRisk,
  change: number | undefined,
  market: {
    readonly bar: number;
    readonly moments: Float64Array;
    readonly assets: number;
    readonly seasoned: readonly number[];
  },
): MarketRisk {
  const coupled = market.bar % ABSORPTION_EVERY_BARS === 0 ? withAbsorption(before, market) : before;
  if (change === undefined) return coupled;
  const fall = Math.min(change, 0);
  const gain = Math.max(1 - DOWNSIDE_DECAY, 1 / (before.returns + 1));
  const { state, variance } = harVariance(before.har, change);
  const garch = garchGridStep(before.garch ?? initialGarchGrid(), change); // begins with the first return
  return {
    ...coupled,
    har: state,
    ...(variance !== undefined && { harVariance: variance }),
    garch: garch.state,
    ...(garch.forecast !== undefined && { garchForecast: garch.forecast }),
    clustering: updateClustering(before.clustering ?? initialClustering(), change),
    drift: before.drift === undefined ? change : before.drift + gain * (change - before.drift),
    downside: before.downside + gain * (fall * fall - before.downside),
    returns: before.returns + 1,
  };
}

function withAbsorption(
  before: MarketRisk,
  { moments, assets, seasoned }: { moments: Float64Array; assets: number; seasoned: readonly number[] },
): MarketRisk {
  const { basis: _basis, basisAssets, absorption, ...rest } = before;
  const same = basisAssets?.length === seasoned.length && seasoned.every((asset, i) => asset === basisAssets[i]);
  const measured = absorptionShare(moments, assets, seasoned, same ? before.basis : undefined);
  if (measured === undefined) return { ...rest, absorption };
  // a ratio of other assets is another ratio
  const kept = same ? absorption.slice(1 - YEAR) : [];
  return { ...rest, absorption: [...kept, measured.share], basis: measured.basis, basisAssets: [...seasoned] };
}

/** Downside deviation per bar; undefined until there are enough returns. */
export function downsideDeviation({ downside, returns }: MarketRisk): number | undefined {
  return returns < DOWNSIDE_RETURNS_MIN ? undefined : Math.sqrt(downside);
}

/** Mean return over downside deviation, both exponentially weighted; undefined until there are enough returns, or without a fall. */
export function sortino({ drift, ...risk }: MarketRisk): number | undefined {
  const deviation = downsideDeviation(risk);
  return drift === undefined || deviation === undefined || !(deviation > 0) ? undefined : drift / deviation;
}

/**
 * Shift of the absorption ratio: that of the last month less the mean of the last year, in standard deviations of the year (Kritzman,
 * Li, Page and Rigobon, 2011); above 1 the market is fragile. Undefined until a year has been measured.
 */
export function absorptionShift({ absorption }: MarketRisk): number | undefined {
  if (absorption.length < YEAR) return undefined;
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const year = mean(absorption);
  const deviation = Math.sqrt(mean(absorption.map((share) => (share - year) * (share - year))));
  return deviation > 0 ? (mean(absorption.slice(-RECENT)) - year) / deviation : undefined;
}
