import type { EntityManager } from 'typeorm';
import type { Evidence, EvidenceView } from '@allostat/pipeline';

/** Records that a person was shown a part of the evidence; only the first time counts. */
export async function recordView(
  manager: EntityManager,
  view: { readonly proposalId: string; readonly person: string; readonly evidence: Evidence; readonly at: string },
): Promise<void> {
  const { proposalId, person, evidence, at } = view;
  await manager.query(
    `insert into evidence_view (proposal_id, person, part, hash, opened_at) values ($1, $2, $3, $4, $5)
     on conflict do nothing`,
    [proposalId, person, evidence.part, evidence.hash, at],
  );
}

/** What a person was shown of a proposal, by part. */
export async function viewsOf(manager: EntityManager, proposalId: string, person: string): Promise<EvidenceView[]> {
  const rows = await manager.query<{ part: string; hash: string; opened_at: Date }[]>(
    'select part, hash, opened_at from evidence_view where proposal_id = $1 and person = $2 order by part',
    [proposalId, person],
  );
  return rows.map(({ part, hash, opened_at }) => ({ part, hash, openedAt: opened_at.toISOString() }));
}
