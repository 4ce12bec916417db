/** One fact that was sent, or one effect that a consumer recorded. `place` numbers the facts of a key. */
export interface HistoryEntry {
  readonly id: string;
  readonly key: string;
  readonly place: number;
}

export interface History {
  /** What was accepted for sending, in any order. */
  readonly sent: readonly HistoryEntry[];
  /** What a consumer applied, in the order in which its effects became durable. */
  readonly applied: readonly HistoryEntry[];
  /** Ids that the consumer gave up and kept as dead letters. */
  readonly deadLettered?: readonly string[];
}

export interface HistoryFaults {
  /** Sent, but neither applied nor kept as a dead letter. */
  readonly lost: readonly string[];
  readonly appliedTwice: readonly string[];
  /** Applied, but never sent. */
  readonly phantom: readonly string[];
  /** Applied and also kept as a dead letter. */
  readonly contradictory: readonly string[];
  /** Pairs of one key where the later fact was applied first. */
  readonly outOfOrder: readonly { readonly key: string; readonly before: number; readonly after: number }[];
  /** Applied under an id whose key or place is not the one sent. */
  readonly altered: readonly string[];
}

/** Judges what happened from what was written down, knowing nothing of how it was done. Empty lists are good. */
export function checkHistory({ sent, applied, deadLettered = [] }: History): HistoryFaults {
  const byId = new Map(sent.map((entry) => [entry.id, entry]));
  const dead = new Set(deadLettered);
  const times = new Map<string, number>();
  const lastPlace = new Map<string, number>();
  const outOfOrder: { key: string; before: number; after: number }[] = [];
  const altered: string[] = [];
  for (const { id, key, place } of applied) {
    times.set(id, (times.get(id) ?? 0) + 1);
    const original = byId.get(id);
    if (original !== undefined && (original.key !== key || original.place !== place)) altered.push(id);
    const last = lastPlace.get(key);
    if (last !== undefined && place < last) outOfOrder.push({ key, before: last, after: place });
    lastPlace.set(key, Math.max(place, last ?? place));
  }
  return {
    lost: sent.filter(({ id }) => !times.has(id) && !dead.has(id)).map(({ id }) => id),
    appliedTwice: [...times].filter(([, count]) => count > 1).map(([id]) => id),
    phantom: [...times.keys()].filter((id) => !byId.has(id)),
    contradictory: [...times.keys()].filter((id) => dead.has(id)),
    outOfOrder,
    altered,
  };
}

/** What `checkHistory` gives for a history without fault. */
export const FAULTLESS: HistoryFaults = {
  lost: [],
  appliedTwice: [],
  phantom: [],
  contradictory: [],
  outOfOrder: [],
  altered: [],
};
