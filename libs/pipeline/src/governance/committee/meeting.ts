import { deterministicId, type Instant } from '@allostat/kernel';
import { GovernanceRefusal } from '../refusal';
import { requirePresent, type Absence } from '../review/absence';
import { delegationFor, linksNow, type Delegation } from '../review/delegation';
import { requireIndependence, type Party } from '../review/parties';
import { requirePerson, requireReason } from '../review/sign';
import { covers, type Committee } from './committee';
import { countVotes, type ItemResult } from './count-votes';

export const CHOICES = ['for', 'against', 'abstain'] as const;
export type Choice = (typeof CHOICES)[number];

/** What a committee is asked to decide on, by the hash of its content. */
export interface MeetingItem {
  /** Id of the review. */
  readonly subject: string;
  readonly mandateId: string;
  readonly contentHash: string;
  /** Who had a hand in it: they are in the room and do not vote on it. */
  readonly parties: readonly Party[];
}

/** One member's vote on one item. Dissent and abstention carry their reason. */
export interface Vote {
  readonly subject: string;
  /** The member; his deputy when `castBy` is another. */
  readonly member: string;
  readonly castBy: string;
  readonly choice: Choice;
  readonly reason?: string;
  readonly contentHash: string;
  readonly at: Instant;
}

/** What is written down when a meeting ends; nothing is added or changed afterwards. */
export interface Minutes {
  readonly text: string;
  readonly closedBy: string;
  readonly closedAt: Instant;
  readonly results: readonly ItemResult[];
  readonly followUps: readonly { readonly what: string; readonly who: string; readonly due: string }[];
}

export interface Meeting {
  readonly meetingId: string;
  readonly committee: Committee;
  readonly convenedBy: string;
  readonly convenedAt: Instant;
  readonly items: readonly MeetingItem[];
  readonly votes: readonly Vote[];
  readonly minutes?: Minutes;
}

/** Puts items before a committee. */
export function convene(committee: Committee, items: readonly MeetingItem[], actor: string, now: Instant): Meeting {
  requirePerson(actor);
  if (items.length === 0) refuse('NOTHING_TO_DECIDE', 'a meeting needs at least one item', 'name a review', 422);
  const foreign = items.find(({ mandateId }) => !covers(committee, mandateId));
  if (foreign) {
    const { id, mandates = [] } = committee;
    refuse(
      'NOT_THE_COMMITTEE',
      `${id} does not decide on ${foreign.mandateId}`,
      `its mandates are ${mandates.join(', ')}`,
      422,
    );
  }
  const meetingId = deterministicId(
    'meeting',
    committee.id,
    actor,
    now,
    ...items.map(({ contentHash }) => contentHash),
  );
  return { meetingId, committee, convenedBy: actor, convenedAt: now, items, votes: [] };
}

export interface VoteWish {
  readonly subject: string;
  readonly actor: string;
  /** The absent member in whose place the deputy votes. */
  readonly onBehalfOf?: string;
  readonly choice: Choice;
  readonly reason?: string;
  readonly contentHash: string;
}

/** Function in which a deputy stands in for a member. */
export const COMMITTEE_FUNCTION = 'committee';

/** Takes a vote: of a member who is there, or of the deputy of one who is not; bound to what was read. */
export function castVote(
  meeting: Meeting,
  wish: VoteWish,
  context: {
    readonly now: Instant;
    readonly delegations: readonly Delegation[];
    readonly absences: readonly Absence[];
  },
): Meeting {
  const { now, delegations, absences } = context;
  const { subject, actor, onBehalfOf, choice, reason, contentHash } = wish;
  const member = onBehalfOf ?? actor;
  requireOpen(meeting);
  requirePerson(actor);
  requirePresent(actor, absences, now);
  const item = meeting.items.find((candidate) => candidate.subject === subject);
  if (!item)
    return refuse('ITEM_UNKNOWN', `${subject} is not before this meeting`, 'see the meeting for its items', 404);
  if (!meeting.committee.members.includes(member)) {
    refuse('NOT_A_MEMBER', `${member} is not a member of ${meeting.committee.id}`, 'only members vote', 403);
  }
  if (onBehalfOf !== undefined) {
    delegationFor(actor, onBehalfOf, { function: COMMITTEE_FUNCTION, mandateId: item.mandateId, now }, delegations);
  }
  if (contentHash !== item.contentHash) {
    refuse(
      'CONTENT_CHANGED',
      `the vote is on ${contentHash}, before the meeting is ${item.contentHash}`,
      'read it again',
      409,
    );
  }
  requireIndependence(
    { actor, ...(onBehalfOf !== undefined && { onBehalfOf }) },
    item.parties,
    linksNow(delegations, now),
  );
  const cast = meeting.votes.filter((vote) => vote.subject === subject);
  const twice = [actor, member].find((person) => cast.some((vote) => vote.member === person || vote.castBy === person));
  if (twice !== undefined)
    refuse('ALREADY_VOTED', `${twice} has voted on this already`, 'one person has one vote', 409);
  if (choice !== 'for') requireReason(reason ?? '');
  const vote: Vote = {
    subject,
    member,
    castBy: actor,
    choice,
    contentHash,
    at: now,
    ...(reason !== undefined && { reason }),
  };
  return { ...meeting, votes: [...meeting.votes, vote] };
}

/** Closes a meeting with its minutes: counts the votes on every item, by the committee's own rules. */
export function closeMeeting(
  meeting: Meeting,
  wish: { readonly actor: string; readonly text: string; readonly followUps: Minutes['followUps'] },
  now: Instant,
): Meeting & { readonly minutes: Minutes } {
  const { actor, text, followUps } = wish;
  requireOpen(meeting);
  requireReason(text);
  const { committee, items, votes, convenedBy } = meeting;
  if (actor !== committee.chair && actor !== convenedBy) {
    refuse('NOT_THE_CHAIR', `${actor} neither chairs nor convened this meeting`, `${committee.chair} chairs it`, 403);
  }
  const results = items.map((item) => countVotes(committee, item, votes));
  return { ...meeting, minutes: { text, closedBy: actor, closedAt: now, results, followUps } };
}

function requireOpen({ minutes }: Meeting): void {
  if (minutes) refuse('MEETING_CLOSED', `the meeting was closed at ${minutes.closedAt}`, 'convene another', 409);
}

function refuse(code: string, message: string, hint: string, status: 403 | 404 | 409 | 422): never {
  throw new GovernanceRefusal(`GOVERNANCE.${code}`, message, hint, status);
}
