import { deterministicId } from '@allostat/kernel';
import { latestKnown, type DomainEvent, type ObservationsRecorded } from '@allostat/pipeline';
import type { UnitOfWork } from '@allostat/platform';

/** The next number of a feed; its row stays locked to the end of the unit, so that numbers and commits have one order. */
export async function nextSequence(
  { manager }: UnitOfWork<DomainEvent>,
  universeId: string,
  feed: string,
): Promise<number> {
  await manager.query('insert into http_feed values ($1, $2, 0) on conflict do nothing', [universeId, feed]);
  const [row] = (await manager.query(
    'select next_sequence::int as next from http_feed where universe_id = $1 and feed = $2 for update',
    [universeId, feed],
  )) as { next: number }[];
  return row.next;
}

/** Puts a delivery with the feed's next number on the bus, and counts it. */
export async function putDelivery(
  unit: UnitOfWork<DomainEvent>,
  delivery: Omit<ObservationsRecorded, 'type'>,
  cause: { readonly type: string; readonly source: string },
): Promise<void> {
  const { universeId, feed, sequence } = delivery;
  await unit.manager.query('update http_feed set next_sequence = $3 where universe_id = $1 and feed = $2', [
    universeId,
    feed,
    sequence + 1,
  ]);
  const event: ObservationsRecorded = { type: 'ObservationsRecorded', ...delivery };
  const id = deterministicId('http', universeId, feed, String(sequence));
  unit.publish([event], { id, ...cause, time: latestKnown(event), correlationId: id });
}
