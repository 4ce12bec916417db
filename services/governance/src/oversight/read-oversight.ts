import type { EntityManager } from 'typeorm';
import {
  readingSeconds,
  scoreOverride,
  type AllocationProposed,
  type Challenge,
  type DrillResult,
  type EvidenceView,
  type JudgedDecision,
  type Objection,
  type OversightFacts,
  type PricesAt,
} from '@allostat/pipeline';
import { readDrills, type DrillView } from './drill.store';

export interface OversightFilter {
  /** Mandates that are looked at; absent for all. */
  readonly mandates?: readonly string[];
  /** From this instant on, and before that one; absent for no bound. */
  readonly since?: string;
  readonly until?: string;
}

interface DecisionRow {
  readonly actor: string;
  readonly proposal_id: string;
  readonly mandate_id: string;
  readonly kind: string;
  readonly decision: 'approve' | 'reject';
  readonly at: Date;
  readonly opened_at: Date;
  readonly viewed: EvidenceView[] | null;
  readonly answers: Record<string, boolean> | null;
  readonly rationale: AllocationProposed['rationale'];
  readonly weights: AllocationProposed['weights'];
}

interface OverrideRow {
  readonly person: string;
  readonly at: Date;
  readonly mandate_id: string;
  readonly own: AllocationProposed;
  readonly proposed: AllocationProposed;
}

const WITHIN = `at >= coalesce($1::timestamptz, '-infinity') and at < coalesce($2::timestamptz, 'infinity')
  and ($3::text[] is null or mandate_id = any($3))`;

/** Everything that a report on oversight is made of, as it stands in the tables. */
export async function readOversight(manager: EntityManager, filter: OversightFilter): Promise<OversightFacts> {
  const drills = (await readDrills(manager, filter)).flatMap(overOnly);
  const bounds = [filter.since ?? null, filter.until ?? null, filter.mandates ?? null];
  const [{ proposals }] = await manager.query<{ proposals: string }[]>(
    `select count(*) as proposals from (select opened_at as at, mandate_id from review where kind = 'allocation') r where ${WITHIN}`,
    bounds,
  );
  return {
    decisions: await readDecisions(manager, bounds),
    objections: [
      ...(await readChallenges(manager, bounds)),
      ...(await readOverrides(manager, bounds)),
      ...drills.flatMap(objectionTo),
    ],
    drills,
    proposals: Number(proposals),
  };
}

type EndedDrill = DrillResult & { readonly endedAt: string };

function overOnly(drill: DrillView): EndedDrill[] {
  const { outcome, endedAt } = drill;
  return outcome === undefined || endedAt === undefined ? [] : [{ ...drill, outcome, endedAt }];
}

function objectionTo(drill: EndedDrill): Objection[] {
  const { caughtBy: person, mandateId, endedAt: at } = drill;
  return person === undefined ? [] : [{ person, mandateId, kind: 'challenge', at, drill: true }];
}

async function readDecisions(manager: EntityManager, bounds: unknown[]): Promise<JudgedDecision[]> {
  const rows = await manager.query<DecisionRow[]>(
    `select * from (select d.actor, d.proposal_id, r.mandate_id, r.kind, d.decision, d.at, r.opened_at, d.viewed,
       d.answers, r.proposal -> 'rationale' as rationale, r.proposal -> 'weights' as weights
     from review_decision d join review r using (proposal_id) where r.kind in ('allocation', 'drill')) x
     where ${WITHIN} order by at, actor`,
    bounds,
  );
  return rows.map((row) => ({
    person: row.actor,
    proposalId: row.proposal_id,
    mandateId: row.mandate_id,
    decision: row.decision,
    at: row.at.toISOString(),
    openedAt: row.opened_at.toISOString(),
    viewed: row.viewed ?? [], // no row of what was opened: nothing was opened
    confirmed: Object.entries(row.answers ?? {}).flatMap(([question, yes]) => (yes ? [question] : [])),
    readingSeconds: readingSeconds(row),
    drill: row.kind === 'drill',
  }));
}

async function readChallenges(manager: EntityManager, bounds: unknown[]): Promise<Objection[]> {
  const rows = await manager.query<{ challenge: Challenge; mandate_id: string }[]>(
    `select challenge, mandate_id from (select c as challenge, mandate_id, (c ->> 'at')::timestamptz as at
     from review, jsonb_array_elements(challenges) c where kind = 'allocation') x where ${WITHIN} order by at`,
    bounds,
  );
  return rows.map(({ challenge: { actor, at }, mandate_id: mandateId }) => {
    return { person: actor, mandateId, kind: 'challenge', at, drill: false };
  });
}

async function readOverrides(manager: EntityManager, bounds: unknown[]): Promise<Objection[]> {
  const rows = await manager.query<OverrideRow[]>(
    `select * from (select o.person, o.at, r.mandate_id, r.proposal as own, b.proposal as proposed
     from review_override o join review r using (proposal_id) join review b on b.proposal_id = o.replaces) x
     where ${WITHIN} order by at`,
    bounds,
  );
  const overrides: Objection[] = [];
  for (const { person, at, mandate_id: mandateId, own, proposed } of rows) {
    const score = scoreOverride(own, proposed, await pricesAfter(manager, mandateId, proposed.asOf));
    overrides.push({
      person,
      mandateId,
      kind: 'override',
      at: at.toISOString(),
      drill: false,
      ...(score && { score }),
    });
  }
  return overrides;
}

/** Realised prices: those of the mandate's later proposals. Planted ones are no prices. */
function pricesAfter(manager: EntityManager, mandateId: string, asOf: string): Promise<PricesAt[]> {
  return manager.query<PricesAt[]>(
    `select proposal ->> 'asOf' as "asOf", proposal -> 'prices' as prices from review
     where kind = 'allocation' and mandate_id = $1 and proposal ->> 'asOf' > $2 order by 1`,
    [mandateId, asOf],
  );
}
