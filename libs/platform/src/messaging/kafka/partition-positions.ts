import type { PartitionProgress, TopicPartition } from '../message-bus';

interface Position {
  readonly place: TopicPartition;
  position: bigint;
  end: bigint;
  lastProgressAt: number;
  heard: boolean;
}

const nameOf = ({ topic, partition }: TopicPartition) => `${topic}/${partition}`;

/** What a consumer has seen of its partitions. */
export class PartitionPositions {
  private readonly positions = new Map<string, Position>();

  assign(places: readonly TopicPartition[]): void {
    const names = new Set(places.map(nameOf));
    for (const name of this.positions.keys()) if (!names.has(name)) this.positions.delete(name);
    for (const place of places) {
      if (this.positions.has(nameOf(place))) continue;
      this.positions.set(nameOf(place), { place, position: 0n, end: 0n, lastProgressAt: Date.now(), heard: false });
    }
  }

  /** Where the partition stood when it was taken; ignored when messages have come already. */
  start(place: TopicPartition, position: bigint, end: bigint): void {
    const known = this.positions.get(nameOf(place));
    if (known === undefined || known.heard) return;
    Object.assign(known, { position, end });
  }

  fetched(place: TopicPartition, first: bigint, end: bigint): void {
    const known = this.positions.get(nameOf(place));
    if (known === undefined) return;
    if (known.position >= known.end) known.lastProgressAt = Date.now();
    if (!known.heard || first > known.position) known.position = first;
    known.end = end;
    known.heard = true;
  }

  moved(place: TopicPartition, position: bigint): void {
    const known = this.positions.get(nameOf(place));
    if (known === undefined) return;
    known.position = position;
    known.lastProgressAt = Date.now();
  }

  assigned(): TopicPartition[] {
    return [...this.positions.values()].map(({ place }) => place);
  }

  progress(): PartitionProgress[] {
    return [...this.positions.values()].map(({ place, position, end, lastProgressAt }) => ({
      ...place,
      position,
      end,
      lastProgressAt: position >= end ? Date.now() : lastProgressAt,
    }));
  }
}
