import type { PreparedQueries } from '../messaging/message-bus';

export interface LockedState {
  readonly store: string;
  readonly key: string;
  readonly version: bigint;
  /** Bytes to write at the end of the unit; undefined while nothing was saved. */
  next?: () => Buffer;
  onCommitted?: (version: bigint) => void;
}

/** The aggregate rows that one unit has locked; what was saved is written in one statement before the commit. */
export class UnitStates {
  private readonly locked = new Map<string, LockedState>();

  get(store: string, key: string): LockedState | undefined {
    return this.locked.get(`${store}\u0000${key}`);
  }

  add(state: LockedState): void {
    this.locked.set(`${state.store}\u0000${state.key}`, state);
  }

  get changed(): boolean {
    return [...this.locked.values()].some(({ next }) => next !== undefined);
  }

  async flush(connection: PreparedQueries): Promise<void> {
    const changed = [...this.locked.values()].filter(({ next }) => next !== undefined);
    if (changed.length === 0) return;
    await connection.query({
      name: 'save states',
      text: `insert into aggregate_state (store, key, version, state)
       select * from unnest($1::text[], $2::text[], $3::bigint[], $4::bytea[])
       on conflict (store, key) do update set version = excluded.version, state = excluded.state`,
      values: [
        changed.map(({ store }) => store),
        changed.map(({ key }) => key),
        changed.map(({ version }) => String(version + 1n)),
        changed.map(({ next }) => (next as () => Buffer)()),
      ],
    });
  }

  committed(): void {
    for (const { next, onCommitted, version } of this.locked.values()) {
      if (next !== undefined) onCommitted?.(version + 1n);
    }
  }
}
