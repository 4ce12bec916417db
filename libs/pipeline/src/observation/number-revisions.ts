import type { Instant, IsoDate } from '@allostat/kernel';
import type { Observation } from './events';

/** The newest value that is stored of one series and event time. */
export interface StoredValue {
  readonly revision: number;
  readonly knownTime: Instant;
  readonly value?: number;
}

/** A value that differs from what was known of the same event time before. */
export interface Revised {
  readonly observation: Observation;
  readonly before: StoredValue;
}

/** Key of a value in a map of stored ones: its series and event time; a volume stands beside the price of its series and day. */
export const revisionKey = (
  seriesId: string,
  eventTime: IsoDate,
  kind: Observation['kind'] | undefined = undefined,
): string => (kind === 'volume' ? `${seriesId}|${eventTime}|volume` : `${seriesId}|${eventTime}`);

/**
 * Numbers what was read as revisions of what is stored, in the order in which it became known. A value that repeats the
 * newest one is left out; one that differs is the next revision. A revision whose source does not say when it was published
 * (its known time is not after that of the value it replaces) became known `now`: nobody could have known it before.
 * Of a source that tells its vintages, those up to the newest stored one are known already. Headlines pass as they are.
 */
export function numberRevisions(
  read: readonly Observation[],
  stored: ReadonlyMap<string, StoredValue>,
  now: Instant,
): { readonly fresh: readonly Observation[]; readonly repeated: number; readonly revised: readonly Revised[] } {
  const newest = new Map(stored);
  const fresh: Observation[] = [];
  const revised: Revised[] = [];
  let repeated = 0;
  const ordered = [...read].sort((a, b) => (a.knownTime < b.knownTime ? -1 : a.knownTime > b.knownTime ? 1 : 0));
  const last = new Map(ordered.map((own) => [revisionKey(own.seriesId, own.eventTime, own.kind), own]));
  for (const observation of ordered) {
    if (observation.kind === 'headline') {
      fresh.push(observation);
      continue;
    }
    const key = revisionKey(observation.seriesId, observation.eventTime, observation.kind);
    const before = newest.get(key);
    const kept = stored.get(key);
    const pastVintage = kept !== undefined && observation.knownTime <= kept.knownTime && last.get(key) !== observation;
    if (pastVintage || (before !== undefined && before.value === observation.value)) {
      repeated++;
      continue;
    }
    const next =
      before === undefined
        ? observation
        : {
            ...observation,
            revision: before.revision + 1,
            knownTime: observation.knownTime > before.knownTime ? observation.knownTime : now,
          };
    const { revision, knownTime, value } = next;
    newest.set(key, { revision, knownTime, ...(value === undefined ? {} : { value }) });
    fresh.push(next);
    if (before !== undefined) revised.push({ observation: next, before });
  }
  return { fresh, repeated, revised };
}

/**
 * Numbers what a source delivers after what the whole store has of the same series and days, whoever brought it: a value that the store has
 * newest keeps its number and its time; one that differs is the next revision, known when its source says, else `now`. `values` are in
 * order of what became known, as `numberRevisions` gives them; of several vintages of one value, those that are not newer than the stored
 * one keep their own number. Headlines pass as they are.
 */
export function renumberAfter(
  values: readonly Observation[],
  stored: ReadonlyMap<string, StoredValue>,
  now: Instant,
): Observation[] {
  const newest = new Map(stored);
  const last = new Map(values.map((own) => [revisionKey(own.seriesId, own.eventTime, own.kind), own]));
  return values.map((observation) => {
    const { seriesId, eventTime, value, kind } = observation;
    const key = revisionKey(seriesId, eventTime, kind);
    const before = kind === 'headline' ? undefined : newest.get(key);
    if (before === undefined) return observation;
    if (observation.knownTime <= before.knownTime && last.get(key) !== observation) return observation;
    if (before.value === value) return { ...observation, revision: before.revision, knownTime: before.knownTime };
    const next = {
      ...observation,
      revision: Math.max(observation.revision, before.revision + 1),
      knownTime: observation.knownTime > before.knownTime ? observation.knownTime : now,
    };
    const { revision, knownTime } = next;
    newest.set(key, { revision, knownTime, ...(value === undefined ? {} : { value }) });
    return next;
  });
}
