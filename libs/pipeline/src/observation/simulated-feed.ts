import type { SimulatedMarket } from '@allostat/quant';
import type { Observation, ObservationsRecorded } from './events';

/** Series under which the headlines of a simulated market are observed. */
export const NEWS_SERIES = 'NEWS';

/**
 * A simulated market as the deliveries of one feed, one a bar: its prices, and the macro releases and headlines that
 * became known since the bar before. All are known at 21:00 UTC of the bar.
 */
export function simulatedFeed(
  market: SimulatedMarket,
  options: { readonly universeId?: string; readonly feed?: string } = {},
): ObservationsRecorded[] {
  const { universeId = 'demo', feed = 'demo' } = options;
  let release = 0;
  let headline = 0;
  return market.bars.map((bar, sequence) => {
    const knownTime = `${bar.date}T21:00:00.000Z`;
    const observations: Observation[] = bar.prices.map((price) => ({
      seriesId: price.instrument,
      kind: 'total-return-index',
      eventTime: price.eventTime,
      knownTime,
      revision: 0,
      ...(price.value === undefined ? {} : { value: price.value }),
    }));
    for (; release < market.macro.length && market.macro[release].knownDate <= bar.date; release++) {
      const { seriesId, eventTime, revision, value } = market.macro[release];
      observations.push({ seriesId, kind: 'macro', eventTime, knownTime, revision, value });
    }
    for (; headline < market.headlines.length && market.headlines[headline].date <= bar.date; headline++) {
      const { date, text } = market.headlines[headline];
      observations.push({ seriesId: NEWS_SERIES, kind: 'headline', eventTime: date, knownTime, revision: 0, text });
    }
    return { type: 'ObservationsRecorded', universeId, feed, sequence, barClose: bar.date, observations };
  });
}
