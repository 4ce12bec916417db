import type { Instant, IsoDate } from '@allostat/kernel';
import { currencySeries, type Universe } from '../universe/universe';
import type { Observation, ObservationsRecorded } from './events';

const CLOSE_TIME = '21:00:00.000Z';

/**
 * Observations as the deliveries of one feed: a bar for every date on which an instrument of the universe has a price,
 * in date order, with its volumes, and with the context values and rates that became known up to its close (21:00 UTC) riding in it.
 *
 * Series that are not part of the universe are left out. Prices of one bar keep the order of the universe.
 */
export function feedFromObservations(
  observations: readonly Observation[],
  universe: Universe,
  options: { readonly feed?: string } = {},
): ObservationsRecorded[] {
  const { feed = universe.id } = options;
  const position = new Map(universe.instruments.map((instrument, i) => [instrument.id, i]));
  const context = new Set([...(universe.context ?? []).map(({ seriesId }) => seriesId), ...currencySeries(universe)]);
  const bars = new Map<IsoDate, Observation[]>();
  const volumes = new Map<IsoDate, Observation[]>();
  const riding: Observation[] = [];
  for (const observation of observations) {
    const { seriesId, kind, eventTime } = observation;
    if (position.has(seriesId) && (kind === 'price' || kind === 'total-return-index')) {
      const bar = bars.get(eventTime);
      if (bar === undefined) bars.set(eventTime, [observation]);
      else bar.push(observation);
    } else if (position.has(seriesId) && kind === 'volume') {
      const others = volumes.get(eventTime) ?? []; // the first of its day
      volumes.set(eventTime, [...others, observation]);
    } else if (context.has(seriesId)) riding.push(observation);
  }
  riding.sort(
    (a, b) => compare(a.knownTime, b.knownTime) || compare(a.seriesId, b.seriesId) || a.revision - b.revision,
  );
  let next = 0;
  return [...bars.keys()].sort().map((date, sequence) => {
    const close: Instant = `${date}T${CLOSE_TIME}`;
    const inOrder = (list: readonly Observation[]): Observation[] =>
      [...list].sort((a, b) => order(position, a) - order(position, b));
    const own = [...inOrder(bars.get(date) ?? []), ...inOrder(volumes.get(date) ?? [])];
    const known: Observation[] = [];
    for (; next < riding.length && riding[next].knownTime <= close; next++) known.push(riding[next]);
    return {
      type: 'ObservationsRecorded',
      universeId: universe.id,
      feed,
      sequence,
      barClose: date,
      observations: [...own, ...known],
    };
  });
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const order = (position: ReadonlyMap<string, number>, observation: Observation): number =>
  position.get(observation.seriesId) ?? position.size;
