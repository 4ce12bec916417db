import type { EntityManager } from 'typeorm';
import { AllocationInstructionSchema } from '@allostat/contracts';
import {
  engagedScopes,
  scopesOfInstruction,
  scopesThatStop,
  type AllocationReleased,
  type EngagedScope,
  type KillEntry,
  type ReleaseScopes,
} from '@allostat/pipeline';
import { decodeEvent } from '@allostat/wire';

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

/** Returns the number of the entry. */
export async function insertKillEntry(manager: EntityManager, entry: KillEntry): Promise<string> {
  const { scope, action, actor, reason, at, drill } = entry;
  const [{ id }]: { id: string }[] = await manager.query(
    'insert into kill_entry (scope, action, actor, reason, at, drill) values ($1, $2, $3, $4, $5, $6) returning id',
    [scope, action, actor, reason, at, drill],
  );
  return id;
}

/** Engaged scopes that stop a release. A press waits until the caller has committed. */
export async function stoppedScopes(manager: EntityManager, release: ReleaseScopes): Promise<string[]> {
  await manager.query(`select pg_advisory_xact_lock_shared(${LOCK})`);
  return scopesThatStop(engagedScopes(await readKillEntries(manager)), release);
}

/** An instruction that waits to be sent, or that is kept back. */
interface Waiting {
  readonly id: string;
  readonly value: Buffer;
}

/** Only instructions are held: a request for the order system's book stops nothing and is answered while all is stopped. */
const IS_INSTRUCTION = `topic = $1 and headers ->> 'ce_type' = $2`;
const INSTRUCTION_OF = [INSTRUCTIONS, AllocationInstructionSchema.typeName];

/** Takes instructions of a scope that have not left out of the outbox; returns how many. */
export async function holdUnsent(manager: EntityManager, scope: string): Promise<number> {
  const waiting = await manager.query<Waiting[]>(
    `select id, value from outbox where ${IS_INSTRUCTION} for update`,
    INSTRUCTION_OF,
  );
  const own = waiting.filter(({ value }) => scopesThatStop([scopeAlone(scope)], scopesOfMessage(value)).length > 0);
  const rows = await manager.query<{ held: string }[]>(
    `with taken as (
       delete from outbox where id = any($1) returning *
     ), kept as (insert into held_message select * from taken returning 1)
     select count(*) as held from kept`,
    [own.map(({ id }) => id)],
  );
  return Number(rows[0].held);
}

/** Instructions of a scope that the order system has not finished. */
export async function countReleased(manager: EntityManager, scope: string): Promise<number> {
  const open = `instruction i join review r using (proposal_id) where r.status in ('released', 'acknowledged')`;
  const mandate = /^mandate:(.+)$/.exec(scope)?.[1];
  if (scope === 'all' || mandate !== undefined) {
    const [{ n }] = await manager.query<{ n: string }[]>(
      `select count(*) as n from ${open} and ($1::text is null or i.mandate_id = $1)`,
      [mandate ?? null],
    );
    return Number(n);
  }
  const rows = await manager.query<{ body: AllocationReleased }[]>(`select i.body from ${open}`);
  return rows.filter(({ body }) => scopesThatStop([scopeAlone(scope)], scopesOfInstruction(body)).length > 0).length;
}

/** Puts back what no engaged scope holds any more, in order; the order system refuses what has expired meanwhile. */
export async function sendHeld(manager: EntityManager, engaged: readonly EngagedScope[]): Promise<number> {
  const held = await manager.query<Waiting[]>('select id, value from held_message order by id');
  const free = held.filter(({ value }) => scopesThatStop(engaged, scopesOfMessage(value)).length === 0);
  const rows = await manager.query<{ sent: string }[]>(
    `with taken as (delete from held_message where id = any($1) returning *),
     sent as (insert into outbox (shard, topic, key, value, headers)
       select shard, topic, key, value, headers from taken order by id returning 1)
     select count(*) as sent from sent`,
    [free.map(({ id }) => id)],
  );
  return Number(rows[0].sent);
}

function scopesOfMessage(value: Buffer): ReleaseScopes {
  const event = decodeEvent({ topic: INSTRUCTIONS, type: AllocationInstructionSchema.typeName, value });
  if (event.type !== 'AllocationReleased') throw new Error(`unreachable: ${event.type} is no instruction`);
  return scopesOfInstruction(event);
}

function scopeAlone(scope: string): EngagedScope {
  return { scope, since: '', actor: '', reason: '', drill: false, armedBy: [] };
}
