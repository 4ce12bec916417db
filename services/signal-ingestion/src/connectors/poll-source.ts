import type { Clock, IsoDate } from '@allostat/kernel';
import {
  numberRevisions,
  readObservations,
  renumberAfter,
  type DomainEvent,
  type Observation,
} from '@allostat/pipeline';
import type { UnitRunner } from '@allostat/platform';
import { nextSequence, putDelivery } from '../feed-sequence';
import { readNewest } from '../observation.store';
import type { SentimentModel } from '../sentiment/sentiment-model';
import { withTones } from '../sentiment/with-tones';
import { fetchTable } from './fetch-table';
import { readDelivered, recordDelivered } from './polled-value.store';
import type { PolledSource } from './read-sources';

/** Observations of one delivery: a message of about 100 KB. */
const DELIVERY_MAX = 1_000;

export interface PollPorts {
  readonly units: UnitRunner<DomainEvent>;
  readonly clock: Clock;
  readonly model: SentimentModel;
}

/** What a poll brought. */
export interface Polled {
  readonly deliveries: number;
  readonly observations: number;
  /** Rows that could not be read, with file, row and reason. */
  readonly setAside: ReturnType<typeof readObservations>['quarantined'];
}

/**
 * Asks a source once and puts what it has not delivered yet on the bus, in one transaction: a poll that brings nothing new, or that is
 * made by two processes at a time, delivers nothing twice. A value that changed is the next revision, known from now on unless the
 * source says since when. What is known only after now (the lag of the profile) waits for a later poll.
 */
export async function pollSource(source: PolledSource, { units, clock, model }: PollPorts): Promise<Polled> {
  const { id, universe, url, profile, attempts, backoffMs, timeoutMs, headers } = source;
  const { file, rows } = await fetchTable(url, profile, { attempts, backoffMs, timeoutMs, headers });
  const read = readObservations(rows, profile, file);
  return units.run(async (unit) => {
    // the lock on the number comes first: what was delivered is read after whoever was there before has finished
    let sequence = await nextSequence(unit, universe, id);
    const now = clock.now();
    const delivered = await readDelivered(unit.manager, source);
    const known = read.observations.filter(({ knownTime }) => knownTime <= now);
    const { fresh } = numberRevisions(known, delivered.values, now);
    const stored = await readNewest(unit.manager, [...new Set(fresh.map(({ seriesId }) => seriesId))]);
    const news = renumberAfter(fresh, stored, now).filter((own) => own.kind !== 'headline' || !delivered.has(own));
    if (news.length > 0) await recordDelivered(unit.manager, source, news);
    const toned = await withTones(news, model);
    const parts = source.closesBars ? bars(toned, delivered.lastDay) : [{ observations: toned }];
    const deliveries = parts.flatMap(inPieces);
    for (const delivery of deliveries) {
      const numbered = { universeId: universe, feed: id, sequence: sequence++, ...delivery };
      await putDelivery(unit, numbered, { type: 'PollSource', source: 'poll' });
    }
    return { deliveries: deliveries.length, observations: news.length, setAside: read.quarantined };
  });
}

interface Part {
  readonly barClose?: IsoDate;
  readonly observations: readonly Observation[];
}

/** One part a new day, which closes its bar; corrections of days that are closed already come before. */
function bars(observations: readonly Observation[], lastDay: IsoDate | undefined): Part[] {
  const late = observations.filter(({ eventTime }) => lastDay !== undefined && eventTime <= lastDay);
  const days = [...new Set(observations.map(({ eventTime }) => eventTime))]
    .filter((day) => lastDay === undefined || day > lastDay)
    .sort();
  return [
    { observations: late },
    ...days.map((day) => ({ barClose: day, observations: observations.filter((own) => own.eventTime === day) })),
  ];
}

/** Pieces that fit into a message; the last one closes the bar. */
function inPieces({ barClose, observations }: Part): Part[] {
  const count = Math.ceil(observations.length / DELIVERY_MAX);
  return Array.from({ length: count }, (_, i) => ({
    observations: observations.slice(i * DELIVERY_MAX, (i + 1) * DELIVERY_MAX),
    ...(barClose !== undefined && i === count - 1 && { barClose }),
  }));
}
