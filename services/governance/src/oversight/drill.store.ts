import type { EntityManager } from 'typeorm';
import { FAULT_WORDS, type Drill, type DrillResult, type Fault } from '@allostat/pipeline';
import { AggregateStore } from '@allostat/platform';

/** The drill of a mandate that runs, or the last one. */
export const DRILLS = new AggregateStore<{ readonly drill?: Drill }>({ name: 'drill' });

interface Row {
  readonly proposal_id: string;
  readonly mandate_id: string;
  readonly fault: Fault;
  readonly planted_by: string;
  readonly planted_at: Date;
  readonly outcome: DrillResult['outcome'] | null;
  readonly caught_by: string | null;
  readonly ended_at: Date | null;
  readonly approved_by: string[];
}

/** A drill as those who plant them read it; one that runs has no outcome. */
export interface DrillView extends Omit<DrillResult, 'outcome'> {
  readonly wrong: string;
  readonly plantedBy: string;
  readonly outcome?: DrillResult['outcome'];
  readonly endedAt?: string;
}

export async function saveDrill(manager: EntityManager, drill: Drill, caughtBy: string | null): Promise<void> {
  const { proposalId, mandateId } = drill.review.proposal;
  await manager.query(
    `insert into drill (proposal_id, mandate_id, fault, planted_by, planted_at) values ($1, $2, $3, $4, $5)
     on conflict do nothing`,
    [proposalId, mandateId, drill.fault, drill.plantedBy, drill.plantedAt],
  );
  if (drill.outcome === undefined) return;
  await manager.query(
    'update drill set outcome = $2, caught_by = $3, ended_at = $4 where proposal_id = $1 and outcome is null',
    [proposalId, drill.outcome, caughtBy, drill.endedAt],
  );
}

export interface DrillFilter {
  readonly ids?: readonly string[];
  readonly mandates?: readonly string[];
  readonly since?: string;
  readonly until?: string;
}

/** Drills, oldest first. */
export async function readDrills(manager: EntityManager, filter: DrillFilter = {}): Promise<DrillView[]> {
  const { ids, mandates, since, until } = filter;
  const rows = await manager.query<Row[]>(
    `select d.*, coalesce((select json_agg(actor order by at, actor) from review_decision r
       where r.proposal_id = d.proposal_id and r.decision = 'approve'), '[]') as approved_by
     from drill d where ($1::text[] is null or d.proposal_id = any($1))
       and ($2::text[] is null or d.mandate_id = any($2))
       and d.planted_at >= coalesce($3::timestamptz, '-infinity')
       and d.planted_at < coalesce($4::timestamptz, 'infinity') order by d.planted_at, d.proposal_id`,
    [ids ?? null, mandates ?? null, since ?? null, until ?? null],
  );
  return rows.map((row) => ({
    proposalId: row.proposal_id,
    mandateId: row.mandate_id,
    fault: row.fault,
    wrong: FAULT_WORDS[row.fault],
    plantedBy: row.planted_by,
    plantedAt: row.planted_at.toISOString(),
    approvedBy: row.approved_by,
    ...(row.outcome !== null && { outcome: row.outcome }),
    ...(row.caught_by !== null && { caughtBy: row.caught_by }),
    ...(row.ended_at !== null && { endedAt: row.ended_at.toISOString() }),
  }));
}
