import type { TopicPartition } from '../message-bus';

export interface GroupMember {
  readonly id: string;
  readonly topics: readonly string[];
}

/**
 * Deals the partitions of every topic to the members that read it, in turn, so that each partition has one reader.
 * Every member computes the same answer from the same list; the advisory lock on a partition is what enforces it.
 */
export function assignPartitions(
  members: readonly GroupMember[],
  partitions: ReadonlyMap<string, number>,
  self: string,
): TopicPartition[] {
  const ordered = [...members].sort((a, b) => (a.id < b.id ? -1 : 1));
  const mine: TopicPartition[] = [];
  let turn = 0;
  for (const topic of [...partitions.keys()].sort()) {
    const readers = ordered.filter((member) => member.topics.includes(topic));
    if (readers.length === 0) continue;
    for (let partition = 0; partition < (partitions.get(topic) as number); partition++) {
      if (readers[turn++ % readers.length].id === self) mine.push({ topic, partition });
    }
  }
  return mine;
}
