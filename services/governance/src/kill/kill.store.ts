import type { EntityManager } from 'typeorm';
import { engagedScopes, scopesThatStop, type EngagedScope, type KillEntry } from '@allostat/pipeline';

const LOCK = `hashtextextended('allostat kill switch', 0)`;
const INSTRUCTIONS = 'allocation.instruction.v1';

interface Row {
  readonly scope: string;
  readonly action: KillEntry['action'];
  readonly actor: string;
  readonly reason: string;
  readonly at: Date;
  readonly drill: boolean;
}

/** Waits for releases under way and keeps new ones waiting until commit: after it, all of them see the press. */
export async function lockForPress(manager: EntityManager): Promise<void> {
  await manager.query(`select pg_advisory_xact_lock(${LOCK})`);
}

/** Every press so far, oldest first. */
export async function readKillEntries(manager: EntityManager): Promise<KillEntry[]> {
  const rows = await manager.query<Row[]>('select scope, action, actor, reason, at, drill from kill_entry order by id');
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}

export async function insertKillEntry(manager: EntityManager, entry: KillEntry): Promise<void> {
  const { scope, action, actor, reason, at, drill } = entry;
  await manager.query(
    'insert into kill_entry (scope, action, actor, reason, at, drill) values ($1, $2, $3, $4, $5, $6)',
    [scope, action, actor, reason, at, drill],
  );
}

/** Engaged scopes that stop this mandate. A press waits until the caller has committed. */
export async function stoppedScopes(manager: EntityManager, mandateId: string): Promise<string[]> {
  await manager.query(`select pg_advisory_xact_lock_shared(${LOCK})`);
  return scopesThatStop(engagedScopes(await readKillEntries(manager)), { mandateId });
}

/** Takes instructions that have not left out of the outbox; returns how many. */
export async function holdUnsent(manager: EntityManager, scope: string): Promise<number> {
  const mandate = /^mandate:(.+)$/.exec(scope)?.[1];
  const rows = await manager.query<{ held: string }[]>(
    `with taken as (
       delete from outbox where topic = $1 and ($2::text is null or key = $2) returning *
     ), kept as (insert into held_message select * from taken returning 1)
     select count(*) as held from kept`,
    [INSTRUCTIONS, scope === 'all' ? null : (mandate ?? '')],
  );
  return Number(rows[0].held);
}

/** Instructions of a scope that the order system has not finished. */
export async function countReleased(manager: EntityManager, scope: string): Promise<number> {
  const mandate = /^mandate:(.+)$/.exec(scope)?.[1];
  const rows = await manager.query<{ released: string }[]>(
    `select count(*) as released from review where status in ('released', 'acknowledged')
     and ($1::text is null or mandate_id = $1)`,
    [scope === 'all' ? null : (mandate ?? '')],
  );
  return Number(rows[0].released);
}

/** Puts back what no engaged scope holds any more, in order; the order system refuses what has expired meanwhile. */
export async function sendHeld(manager: EntityManager, engaged: readonly EngagedScope[]): Promise<number> {
  const keys = await manager.query<{ key: string }[]>('select distinct key from held_message');
  const free = keys.map(({ key }) => key).filter((mandateId) => scopesThatStop(engaged, { mandateId }).length === 0);
  const rows = await manager.query<{ sent: string }[]>(
    `with taken as (delete from held_message where key = any($1) returning *),
     sent as (insert into outbox (shard, topic, key, value, headers)
       select shard, topic, key, value, headers from taken order by id returning 1)
     select count(*) as sent from sent`,
    [free],
  );
  return Number(rows[0].sent);
}
