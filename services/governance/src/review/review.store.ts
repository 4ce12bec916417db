import { In, type EntityManager } from 'typeorm';
import {
  nextStatus,
  OPEN_STATUSES,
  type AllocationReleased,
  type Part,
  type Party,
  type ReviewCore,
} from '@allostat/pipeline';
import { InstructionEntity } from './instruction.entity';
import { ReviewDecisionEntity } from './review-decision.entity';
import { ReviewPartyEntity } from './review-party.entity';
import { ReviewEntity } from './review.entity';
import { reviewRow, reviewView, type ReviewedContent, type ReviewView } from './review.mapper';

/** A review as it was or is, with what it is about. */
export interface ReviewNow {
  readonly review: ReviewCore;
  readonly about: ReviewedContent;
}

/** Word for everything that people can still decide on. */
const WAITING = 'waiting';
const OPEN = [...OPEN_STATUSES, 'approved'];
/** Kind of the reviews of proposals, and of what is proposed by the line. */
export const ALLOCATION = 'allocation';
/** Kind of the reviews of planted proposals. */
export const DRILL = 'drill';

/** Brings the tables from one review of a subject to the next; `ended` says how one that was replaced ended. */
export async function saveReview(
  manager: EntityManager,
  before: ReviewNow | undefined,
  after: ReviewNow | undefined,
): Promise<void> {
  if (!after || after.review === before?.review) return;
  const { review, about } = after;
  const row = reviewRow(review, about);
  if (before?.about.id !== about.id) {
    if (before && OPEN.includes(before.review.status)) {
      const edited = review.parties.some(({ part }) => part === 'editor');
      const status = nextStatus(before.review.status, edited ? 'edit' : 'supersede');
      await manager.update(ReviewEntity, before.about.id, { status });
    }
    await manager.insert(ReviewEntity, row as never);
    await manager.insert(
      ReviewPartyEntity,
      review.parties.map(({ person, part }) => ({ proposalId: about.id, person, part })),
    );
  }
  await saveDecisions(manager, after, before?.about.id === about.id ? before.review.decisions.length : 0);
  const { status, instructionId, challenges } = row;
  await manager.update(ReviewEntity, about.id, { status, instructionId, challenges: challenges as never });
}

async function saveDecisions(manager: EntityManager, { review, about }: ReviewNow, known: number): Promise<void> {
  for (const decision of review.decisions.slice(known)) {
    await manager.insert(ReviewDecisionEntity, {
      ...decision,
      proposalId: about.id,
      maker: review.maker,
      at: new Date(decision.at),
    } as never);
  }
}

/** Keeps why an approved review does not leave; null when it did. */
export async function saveHeld(manager: EntityManager, proposalId: string, held: unknown): Promise<void> {
  await manager.update(ReviewEntity, proposalId, { held: held as never });
}

export async function saveInstruction(manager: EntityManager, released: AllocationReleased): Promise<void> {
  const { instructionId, mandateId, sequence, proposalId, contentHash, releasedAt } = released;
  await manager.insert(InstructionEntity, {
    instructionId,
    mandateId,
    sequence,
    proposalId,
    contentHash,
    releasedAt: new Date(releasedAt),
    body: released as never,
  });
}

export interface ReviewFilter {
  /** A status, or `waiting` for all that people can still decide on. */
  readonly status?: string;
  /** Kinds of reviews; default allocations. */
  readonly kinds?: readonly string[];
  /** Mandates that the reader may see; absent for all. */
  readonly mandates?: readonly string[];
}

/** Reviews, newest first; all of them or those that the filter names. */
export async function listReviews(manager: EntityManager, filter: ReviewFilter = {}): Promise<ReviewView[]> {
  const { status, kinds = [ALLOCATION], mandates } = filter;
  const rows = await manager.find(ReviewEntity, {
    where: {
      kind: In([...kinds]),
      ...(status !== undefined && { status: status === WAITING ? In([...OPEN_STATUSES]) : status }),
      ...(mandates !== undefined && { mandateId: In([...mandates]) }),
    },
    order: { openedAt: 'DESC', proposalId: 'ASC' },
    take: 1000,
  });
  const decisions = await manager.find(ReviewDecisionEntity, {
    where: { proposalId: In(rows.map(({ proposalId }) => proposalId)) },
    order: { at: 'ASC', actor: 'ASC' },
  });
  return rows.map((row) =>
    reviewView(
      row,
      decisions.filter(({ proposalId }) => proposalId === row.proposalId),
    ),
  );
}

/** A review by its id. Drills are found only where they are asked for: elsewhere there is nothing of that id. */
export async function findReview<Content>(
  manager: EntityManager,
  proposalId: string,
  { drills = false } = {},
): Promise<ReviewView<Content> | undefined> {
  const row = await manager.findOneBy(ReviewEntity, { proposalId });
  if (!row || (row.kind === DRILL && !drills)) return undefined;
  const decisions = await manager.find(ReviewDecisionEntity, {
    where: { proposalId },
    order: { at: 'ASC', actor: 'ASC' },
  });
  return reviewView<Content>(row, decisions);
}

/** Mandates and subjects with a review that time may move on: expired, to be escalated, or approved and held back. */
export async function subjectsToLookAt(
  manager: EntityManager,
): Promise<{ kind: string; subject: string; id: string }[]> {
  return manager.query(`select kind, mandate_id as subject, proposal_id as id from review where status = any($1)`, [
    OPEN,
  ]);
}

/** Remembers what a person's own weights took the place of. */
export async function saveOverride(
  manager: EntityManager,
  override: { readonly proposalId: string; readonly replaces: string; readonly person: string; readonly at: string },
): Promise<void> {
  const { proposalId, replaces, person, at } = override;
  await manager.query('insert into review_override (proposal_id, replaces, person, at) values ($1, $2, $3, $4)', [
    proposalId,
    replaces,
    person,
    at,
  ]);
}

/** Every mandate that governance keeps a state of. */
export async function mandatesOf(manager: EntityManager): Promise<string[]> {
  const rows = await manager.query<{ key: string }[]>(
    `select key from aggregate_state where store = 'mandate' and version > 0 order by key`,
  );
  return rows.map(({ key }) => key);
}

/** Everybody who had a hand in the content of a review. */
export async function partiesOf(manager: EntityManager, proposalId: string): Promise<Party[]> {
  const rows = await manager.find(ReviewPartyEntity, { where: { proposalId }, order: { person: 'ASC', part: 'ASC' } });
  return rows.map(({ person, part }) => ({ person, part: part as Part }));
}

/** Instructions that were released before an instant and that the order system has not answered, oldest first. */
export async function unacknowledgedSince(
  manager: EntityManager,
  before: string,
): Promise<{ instructionId: string; mandateId: string; sequence: number; releasedAt: string }[]> {
  const rows = await manager.query<
    { instruction_id: string; mandate_id: string; sequence: number; released_at: Date }[]
  >(
    `select i.instruction_id, i.mandate_id, i.sequence, i.released_at from instruction i join review r using (proposal_id)
     where r.status = 'released' and i.released_at < $1 order by i.released_at`,
    [before],
  );
  return rows.map((row) => ({
    instructionId: row.instruction_id,
    mandateId: row.mandate_id,
    sequence: row.sequence,
    releasedAt: row.released_at.toISOString(),
  }));
}
