import type { EntityManager } from 'typeorm';
import type { CapUse, PolicySet } from '@allostat/pipeline';

/** Use of the caps that a mandate falls under, without what the proposal itself has reserved. Locks them until commit. */
export async function readCaps(
  manager: EntityManager,
  { caps = [] }: PolicySet,
  mandateId: string,
  proposalId: string,
  now: string,
): Promise<CapUse[]> {
  const uses: CapUse[] = [];
  for (const { id, tradedValueMaxPerDay, mandates } of caps) {
    if (mandates !== undefined && !mandates.includes(mandateId)) continue;
    await manager.query(`select pg_advisory_xact_lock(hashtextextended('allostat cap ' || $1, 0))`, [id]);
    const [{ used }] = await manager.query<{ used: number | null }[]>(
      `select sum(amount) as used from cap_reservation where cap_id = $1 and proposal_id <> $2 and
       (state = 'reserved' or (state = 'posted' and at > $3::timestamptz - interval '1 day'))`,
      [id, proposalId, now],
    );
    uses.push({ id, limit: tradedValueMaxPerDay, used: used === null ? 0 : Number(used) });
  }
  return uses;
}

/** Reserves what an approved proposal will take, posts it with the release, or gives it back. */
export async function moveReservation(
  manager: EntityManager,
  proposalId: string,
  move: {
    readonly caps: readonly CapUse[];
    readonly amount: number;
    readonly state: 'reserved' | 'posted';
    readonly at: string;
  },
): Promise<void> {
  for (const { id } of move.caps) {
    await manager.query(
      `insert into cap_reservation (cap_id, proposal_id, amount, state, at) values ($1, $2, $3, $4, $5)
       on conflict (cap_id, proposal_id) do update set amount = excluded.amount, state = excluded.state, at = excluded.at`,
      [id, proposalId, move.amount, move.state, move.at],
    );
  }
}

export async function voidReservation(manager: EntityManager, proposalId: string, at: string): Promise<void> {
  await manager.query(
    `update cap_reservation set state = 'voided', at = $2 where proposal_id = $1 and state = 'reserved'`,
    [proposalId, at],
  );
}
