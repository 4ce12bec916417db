import { deepFreeze, invariant } from '@allostat/kernel';
import type { TypedEvent } from '../messaging/event-codec';
import { preparedOf } from '../postgres/queryable';
import type { UnitOfWork } from '../unit-of-work/unit-of-work';
import { decodeState, encodeState } from './state-codec';

export interface AggregateStoreOptions {
  /** Distinguishes the stores of one service, for example `mandate`. */
  readonly name: string;
  /** How many decoded states stay in memory between units; default 256, 0 for none. */
  readonly cached?: number;
}

interface Kept<S> {
  readonly version: bigint;
  readonly state: S;
}

interface Row {
  readonly version: string;
  readonly state: Buffer | null;
}

/**
 * Durable state by key. Loading locks the row until the end of the unit, so decisions on one key follow each other,
 * and the events they publish stand in that order. States are immutable values.
 */
export class AggregateStore<S> {
  /** Decoded states by key, apart for each database that the process works on. */
  private readonly caches = new WeakMap<object, Map<string, Kept<S>>>();

  constructor(private readonly options: AggregateStoreOptions) {}

  /** The state of `key`, or `initial()` when there is none yet; the same value again within one unit. */
  load<E extends TypedEvent>(unit: UnitOfWork<E>, key: string, initial: () => S): Promise<S> {
    return unit.remember(this.memoryKey(key), () => this.read(unit, key, initial));
  }

  /** Replaces the state of `key`, which must have been loaded in this unit; it is written once, at commit. */
  save<E extends TypedEvent>(unit: UnitOfWork<E>, key: string, state: S): void {
    const locked = unit.states.get(this.options.name, key);
    invariant(locked !== undefined, () => `state ${this.options.name}/${key} must be loaded in the unit that saves it`);
    unit.replace(this.memoryKey(key), deepFreeze(state));
    locked.next = () => encodeState(state);
    locked.onCommitted = (version) => this.keep(unit, key, version, state);
  }

  /** The state of `key` as last committed, without a lock; undefined when there is none. For data that others own. */
  async peek<E extends TypedEvent>(unit: UnitOfWork<E>, key: string): Promise<S | undefined> {
    const known = this.cacheOf(unit).get(key);
    const row = await this.select(unit, key, known?.version, '');
    if (row === undefined || BigInt(row.version) === 0n) return undefined;
    if (row.state === null) return (known as Kept<S>).state;
    const state = deepFreeze(decodeState<S>(row.state));
    this.keep(unit, key, BigInt(row.version), state);
    return state;
  }

  private async read<E extends TypedEvent>(unit: UnitOfWork<E>, key: string, initial: () => S): Promise<S> {
    const known = this.cacheOf(unit).get(key);
    const row = (await this.select(unit, key, known?.version, 'for update')) ?? (await this.create(unit, key));
    const version = BigInt(row.version);
    unit.states.add({ store: this.options.name, key, version });
    if (version === 0n) return deepFreeze(initial());
    if (row.state === null) return (known as Kept<S>).state;
    const state = deepFreeze(decodeState<S>(row.state));
    this.keep(unit, key, version, state);
    return state;
  }

  /** Reads the row; the state itself does not travel when we know this version of it. */
  private async select<E extends TypedEvent>(
    unit: UnitOfWork<E>,
    key: string,
    knownVersion: bigint | undefined,
    lock: 'for update' | '',
  ): Promise<Row | undefined> {
    const { rows } = await preparedOf(unit.manager).query({
      name: `select state ${lock}`,
      text: `select version, case when version = $3 then null else state end as state
       from aggregate_state where store = $1 and key = $2 ${lock}`,
      values: [this.options.name, key, String(knownVersion ?? -1n)],
    });
    return rows.map(({ version, state }): Row => ({ version: version as string, state: state as Buffer | null }))[0];
  }

  private async create<E extends TypedEvent>(unit: UnitOfWork<E>, key: string): Promise<Row> {
    await unit.manager.query(
      `insert into aggregate_state (store, key, version, state) values ($1, $2, 0, '') on conflict do nothing`,
      [this.options.name, key],
    );
    return (await this.select(unit, key, undefined, 'for update')) as Row;
  }

  private keep<E extends TypedEvent>(unit: UnitOfWork<E>, key: string, version: bigint, state: S): void {
    const { cached = 256 } = this.options;
    const cache = this.cacheOf(unit);
    cache.delete(key);
    cache.set(key, { version, state });
    for (const oldest of cache.keys()) {
      if (cache.size <= cached) break;
      cache.delete(oldest);
    }
  }

  private cacheOf<E extends TypedEvent>(unit: UnitOfWork<E>): Map<string, Kept<S>> {
    const { connection } = unit.manager;
    const cache = this.caches.get(connection) ?? new Map<string, Kept<S>>();
    this.caches.set(connection, cache);
    return cache;
  }

  private memoryKey(key: string): string {
    return `aggregate\u0000${this.options.name}\u0000${key}`;
  }
}
