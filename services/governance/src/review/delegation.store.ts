import type { EntityManager } from 'typeorm';
import type { Delegation } from '@allostat/pipeline';

interface Row {
  readonly id: string;
  readonly from_person: string;
  readonly to_person: string;
  readonly function: string;
  readonly mandate_id: string;
  readonly valid_from: Date;
  readonly valid_until: Date;
  readonly reason: string;
  readonly revoked_at: Date | null;
}

/** Every delegation ever made, oldest first: who stood in for whom is answered for any moment. */
export async function readDelegations(manager: EntityManager): Promise<Delegation[]> {
  const rows = await manager.query<Row[]>('select * from delegation order by valid_from, id');
  return rows.map((row) => ({
    id: row.id,
    from: row.from_person,
    to: row.to_person,
    function: row.function,
    mandateId: row.mandate_id,
    validFrom: row.valid_from.toISOString(),
    validUntil: row.valid_until.toISOString(),
    reason: row.reason,
    ...(row.revoked_at !== null && { revokedAt: row.revoked_at.toISOString() }),
  }));
}

export async function insertDelegation(manager: EntityManager, delegation: Delegation): Promise<void> {
  const { id, from, to, function: role, mandateId, validFrom, validUntil, reason } = delegation;
  await manager.query(
    `insert into delegation (id, from_person, to_person, function, mandate_id, valid_from, valid_until, reason)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [id, from, to, role, mandateId, validFrom, validUntil, reason],
  );
}

/** Ends a delegation of `from`; false when there is none of that id that still runs. */
export async function revokeDelegation(manager: EntityManager, id: string, from: string, at: string): Promise<boolean> {
  const rows = await manager.query<[unknown[], number]>(
    `update delegation set revoked_at = $3 where id = $1 and from_person = $2 and revoked_at is null returning id`,
    [id, from, at],
  );
  return rows[1] === 1;
}
