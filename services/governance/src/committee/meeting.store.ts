import type { EntityManager } from 'typeorm';
import { covers, type Committee, type CommitteeStanding, type Meeting } from '@allostat/pipeline';
import { AggregateStore } from '@allostat/platform';
import { currentBodies } from '../changes/change.store';

/** Meetings by id. */
export const MEETINGS = new AggregateStore<{ readonly meeting?: Meeting }>({ name: 'meeting' });

/** Adds to the tables what a meeting has got since `before`. */
export async function saveMeeting(
  manager: EntityManager,
  before: Meeting | undefined,
  { meetingId, committee, convenedBy, convenedAt, items, votes, minutes }: Meeting,
): Promise<void> {
  if (!before) {
    await manager.query(
      `insert into committee_meeting (meeting_id, committee, committee_version, convened_by, convened_at, items)
       values ($1, $2, $3, $4, $5, $6)`,
      [meetingId, committee.id, committee.version, convenedBy, convenedAt, JSON.stringify(items)],
    );
  }
  for (const vote of votes.slice(before ? before.votes.length : 0)) {
    const { subject, member, castBy, choice, reason, contentHash, at } = vote;
    await manager.query(
      `insert into committee_vote (meeting_id, proposal_id, member, cast_by, choice, reason, content_hash, at)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [meetingId, subject, member, castBy, choice, reason ?? null, contentHash, at],
    );
  }
  if (!minutes || before?.minutes) return;
  const { text, closedBy, closedAt, results, followUps } = minutes;
  await manager.query(
    `insert into committee_minutes (meeting_id, text, closed_by, closed_at, results, follow_ups)
     values ($1, $2, $3, $4, $5, $6)`,
    [meetingId, text, closedBy, closedAt, JSON.stringify(results), JSON.stringify(followUps)],
  );
}

/** Ids of meetings, latest first. */
export async function meetingIds(manager: EntityManager): Promise<string[]> {
  const rows = await manager.query<{ meeting_id: string }[]>(
    'select meeting_id from committee_meeting order by convened_at desc, meeting_id limit 200',
  );
  return rows.map(({ meeting_id }) => meeting_id);
}

/** The committees that decide on a mandate, each with the latest meeting that carried this content. */
export async function committeesOn(
  manager: EntityManager,
  mandateId: string,
  contentHash: string,
): Promise<CommitteeStanding[]> {
  const committees = (await currentBodies<Committee>(manager, 'committee')).filter((body) => covers(body, mandateId));
  if (committees.length === 0) return [];
  const rows = await manager.query<{ committee: string; meeting_id: string }[]>(
    `select distinct on (m.committee) m.committee, m.meeting_id from committee_meeting m
     join committee_minutes using (meeting_id), jsonb_array_elements(results) r
     where r ->> 'contentHash' = $1 and (r ->> 'carried')::boolean
     order by m.committee, closed_at desc`,
    [contentHash],
  );
  return committees.map(({ id }) => {
    const carriedBy = rows.find(({ committee }) => committee === id)?.meeting_id;
    return { committee: id, ...(carriedBy !== undefined && { carriedBy }) };
  });
}
