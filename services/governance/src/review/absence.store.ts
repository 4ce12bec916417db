import type { EntityManager } from 'typeorm';
import type { Absence } from '@allostat/pipeline';

interface Row {
  readonly id: string;
  readonly person: string;
  readonly deputy: string | null;
  readonly valid_from: Date;
  readonly valid_until: Date;
  readonly reason: string;
  readonly declared_by: string;
  readonly ended_at: Date | null;
}

/** Every absence ever declared, oldest first. */
export async function readAbsences(manager: EntityManager): Promise<Absence[]> {
  const rows = await manager.query<Row[]>('select * from absence order by valid_from, id');
  return rows.map((row) => ({
    id: row.id,
    person: row.person,
    ...(row.deputy !== null && { deputy: row.deputy }),
    validFrom: row.valid_from.toISOString(),
    validUntil: row.valid_until.toISOString(),
    reason: row.reason,
    declaredBy: row.declared_by,
    ...(row.ended_at !== null && { endedAt: row.ended_at.toISOString() }),
  }));
}

/** Keeps an absence together with the delegations that come with it. */
export async function insertAbsence(
  manager: EntityManager,
  { id, person, deputy, validFrom, validUntil, reason, declaredBy }: Absence,
  delegations: readonly { readonly id: string }[],
): Promise<void> {
  await manager.query(
    `insert into absence (id, person, deputy, valid_from, valid_until, reason, declared_by, delegations)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      id,
      person,
      deputy ?? null,
      validFrom,
      validUntil,
      reason,
      declaredBy,
      JSON.stringify(delegations.map((delegation) => delegation.id)),
    ],
  );
}

/** Ends an absence and its delegations; undefined when there is none of that id that runs. */
export async function endAbsence(
  manager: EntityManager,
  id: string,
  at: string,
): Promise<{ readonly person: string; readonly delegations: readonly string[] } | undefined> {
  const [rows] = await manager.query<[{ person: string; delegations: string[] }[], number]>(
    `update absence set ended_at = $2 where id = $1 and ended_at is null and valid_until > $2::timestamptz
     returning person, delegations`,
    [id, at],
  );
  const [ended] = rows;
  if (!ended) return undefined;
  const [revoked] = await manager.query<[{ id: string }[], number]>(
    'update delegation set revoked_at = $2 where id = any($1) and revoked_at is null returning id',
    [ended.delegations, at],
  );
  return { person: ended.person, delegations: revoked.map((delegation) => delegation.id) };
}
