import { simulateMarket } from '@allostat/quant';
import { simulatedUniverse } from '../universe/simulated-universe';
import { simulatedFeed } from './simulated-feed';

const market = simulateMarket({ seed: 3, years: 2 });
const feed = simulatedFeed(market);

describe('simulatedFeed', () => {
  it('delivers one bar after the other without a hole in the sequence', () => {
    expect(feed.map((event) => event.sequence)).toEqual(market.dates.map((_, i) => i));
    expect(feed.map((event) => event.barClose)).toEqual([...market.dates]);
  });

  it('delivers nothing before it was known, and every macro release and headline once', () => {
    for (const event of feed)
      for (const o of event.observations) expect(o.knownTime).toBe(`${event.barClose}T21:00:00.000Z`);
    const all = feed.flatMap((event) => event.observations);
    expect(all.filter((o) => o.kind === 'macro')).toHaveLength(market.macro.length);
    expect(all.filter((o) => o.kind === 'headline')).toHaveLength(market.headlines.length);
  });

  it('names only instruments and context series of its universe, planted strangers excepted', () => {
    const universe = simulatedUniverse(market);
    const known = new Set([
      ...universe.instruments.map((i) => i.id),
      ...(universe.context ?? []).map((c) => c.seriesId),
    ]);
    const strangers = feed.flatMap((e) => e.observations).filter((o) => !known.has(o.seriesId));
    expect(strangers).toHaveLength(market.defects.filter((d) => d.rule === 'unknown-series').length);
  });
});
