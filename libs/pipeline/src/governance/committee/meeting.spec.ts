import { deepFreeze } from '@allostat/kernel';
import { declareAbsence, isAbsent } from '../review/absence';
import type { ReviewCore } from '../review/review-core';
import { sign, type CommitteeStanding } from '../review/sign';
import { committeeSchema, type Committee } from './committee';
import { carries } from './count-votes';
import { castVote, closeMeeting, convene, type Choice, type Meeting, type MeetingItem } from './meeting';

const now = '2024-02-01T09:00:00.000Z';
const committee: Committee = {
  id: 'investment',
  version: 1,
  name: 'Investment committee',
  chair: 'ada',
  members: ['ada', 'ben', 'cleo', 'dan', 'eve'],
  quorum: 3,
  majority: 'simple',
  mandates: ['balanced'],
};
const item: MeetingItem = {
  subject: 'p-1',
  mandateId: 'balanced',
  contentHash: 'a'.repeat(64),
  parties: [{ person: 'eve', part: 'editor' }],
};
const none = { now, delegations: [], absences: [] };
const open = (change: Partial<Committee> = {}): Meeting =>
  deepFreeze(convene({ ...committee, ...change }, [item], 'casey', now));
const vote = (meeting: Meeting, actor: string, choice: Choice, change: object = {}, context = none): Meeting =>
  deepFreeze(
    castVote(
      meeting,
      { subject: 'p-1', actor, choice, contentHash: item.contentHash, reason: 'as I see it', ...change },
      context,
    ),
  );
const close = (meeting: Meeting, actor = 'ada') =>
  closeMeeting(meeting, { actor, text: 'read, discussed, voted', followUps: [] }, now);
const result = (meeting: Meeting) => close(meeting).minutes.results[0];

describe('a majority', () => {
  // Robert's Rules of Order Newly Revised, 12th edition, 44:1 and 44:9: 19 votes cast need 10, 20 and 21 need 11;
  // of 25 a majority is 13 and two thirds are 17; of 30 two thirds are 20
  it.each([
    ['simple', 19, 10],
    ['simple', 20, 11],
    ['simple', 21, 11],
    ['simple', 25, 13],
    ['two-thirds', 25, 17],
    ['two-thirds', 30, 20],
  ] as const)('%s of %i votes cast is %i', (majority, votes, least) => {
    const enough = Array.from({ length: votes + 1 }, (_, inFavour) => inFavour).filter((n) =>
      carries(majority, n, votes - n),
    );
    expect(enough[0]).toBe(least);
    expect(enough).toHaveLength(votes + 1 - least);
  });

  it('is not made of silence', () => {
    expect([carries('simple', 0, 0), carries('two-thirds', 0, 0)]).toEqual([false, false]);
  });
});

describe('a meeting', () => {
  it('carries what a quorum is for; abstentions count for the quorum and not for the majority', () => {
    const meeting = vote(vote(vote(open(), 'ada', 'for'), 'ben', 'for'), 'cleo', 'abstain');
    expect(result(meeting)).toEqual({
      subject: 'p-1',
      contentHash: item.contentHash,
      for: 2,
      against: 0,
      abstained: 1,
      absent: ['dan'],
      recused: ['eve'],
      quorumMet: true,
      carried: true,
      dissents: [],
    });
    expect(result(vote(vote(open(), 'ada', 'for'), 'ben', 'for'))).toMatchObject({ quorumMet: false, carried: false });
  });

  it('keeps dissent with its reason, and takes none without', () => {
    const divided = vote(vote(vote(vote(open(), 'ada', 'for'), 'ben', 'against'), 'cleo', 'for'), 'dan', 'against');
    expect(result(divided)).toMatchObject({
      carried: false,
      dissents: [{ member: 'ben', reason: 'as I see it' }, { member: 'dan' }],
    });
    expect(() => vote(open(), 'ada', 'against', { reason: ' ' })).toThrow(/a reason of at least/);
    expect(() => vote(open(), 'ada', 'abstain', { reason: undefined })).toThrow(/a reason of at least/);
    expect(vote(open(), 'ada', 'for', { reason: undefined }).votes).toHaveLength(1);
  });

  it.each([
    ['a stranger', 'zoe', {}, /not a member/],
    ['a member who had a hand in it', 'eve', {}, /cannot decide on it/],
    ['a vote on other content', 'ada', { contentHash: 'b'.repeat(64) }, /the vote is on b/],
    ['a vote on what is not before it', 'ada', { subject: 'p-2' }, /not before this meeting/],
    ['a machine', 'service:governance', {}, /not a person/],
    ['a vote for somebody who has delegated nothing', 'zoe', { onBehalfOf: 'ada' }, /has not delegated/],
  ])('refuses %s', (_what, actor, change, message) => {
    expect(() => vote(open(), actor, 'for', change)).toThrow(message);
  });

  it('takes one vote a person, also through a deputy', () => {
    const { absence, delegations } = declareAbsence(
      {
        person: 'ada',
        deputy: 'ben',
        validFrom: now,
        validUntil: '2024-02-10T00:00:00.000Z',
        reason: 'on leave',
        declaredBy: 'ada',
      },
      ['committee'],
      now,
    );
    const away = { now, delegations: [...delegations], absences: [absence] };
    expect(() => vote(open(), 'ada', 'for', {}, away as never)).toThrow(/ada is away .*/);
    const deputised = vote(open(), 'ben', 'for', { onBehalfOf: 'ada' }, away as never);
    expect(deputised.votes).toMatchObject([{ member: 'ada', castBy: 'ben' }]);
    expect(() => vote(deputised, 'ben', 'for', {}, away as never)).toThrow(/ben has voted on this already/);
    expect(() => vote(deputised, 'ada', 'for')).toThrow(/ada has voted on this already/);
  });

  it('is closed once, by its chair or who convened it, and takes no vote afterwards', () => {
    expect(() => close(open(), 'ben')).toThrow(/neither chairs nor convened/);
    const closed = close(open(), 'casey');
    expect(() => close(closed)).toThrow(/was closed at/);
    expect(() => vote(closed, 'ada', 'for')).toThrow(/was closed at/);
  });

  it('has an item, of a mandate that the committee decides on', () => {
    expect(() => convene(committee, [], 'ada', now)).toThrow(/at least one item/);
    expect(() => convene(committee, [{ ...item, mandateId: 'other' }], 'ada', now)).toThrow(/does not decide on other/);
  });
});

it.each([
  [{ members: ['ada', 'ada'] }, /listed twice/],
  [{ chair: 'zoe' }, /not one of the members/],
  [{ quorum: 6 }, /more than the 5 members/],
])('a committee that cannot decide is refused: %j', (change, message) => {
  expect(committeeSchema.safeParse({ ...committee, ...change }).error?.message).toMatch(message);
  expect(committeeSchema.safeParse(committee).success).toBe(true);
});

describe('who signs for a committee', () => {
  const review: ReviewCore = {
    status: 'submitted',
    contentHash: item.contentHash,
    maker: 'service:optimization',
    parties: [],
    requirement: {
      tier: 'standard',
      approvals: 2,
      functions: [],
      questions: [],
      challenge: false,
      escalateAfterHours: 24,
    },
    openedAt: now,
    expiresAt: '2024-02-06T00:00:00.000Z',
    decisions: [],
    challenges: [],
  };
  const signed = (role: string, committees: readonly CommitteeStanding[], decision: 'approve' | 'reject' = 'approve') =>
    sign(
      review,
      { actor: 'ada', function: role, decision, reason: 'as resolved', contentHash: item.contentHash },
      { now, mandateId: 'balanced', delegations: [], committees },
    ).decisions[0];

  it('rests on the resolution of every committee that decides on the mandate', () => {
    const both = [{ committee: 'investment', carriedBy: 'm-1' }, { committee: 'risk' }];
    expect(() => signed('committee', both)).toThrow(/no meeting of risk has carried this content/);
    const carried = [both[0], { committee: 'risk', carriedBy: 'm-2' }];
    expect(signed('committee', carried).resolutions).toEqual(['m-1', 'm-2']);
    expect(signed('committee', []).resolutions).toBeUndefined();
  });

  it('needs none to reject, nor does anybody who signs in another role', () => {
    expect(signed('committee', [{ committee: 'risk' }], 'reject').resolutions).toBeUndefined();
    expect(signed('risk', [{ committee: 'risk' }]).resolutions).toBeUndefined();
  });
});

describe('an absence', () => {
  const wish = {
    person: 'pat',
    deputy: 'kim',
    validFrom: now,
    validUntil: '2024-02-10T00:00:00.000Z',
    reason: 'on leave',
    declaredBy: 'pat',
  };

  it('delegates every deciding role to the deputy for as long', () => {
    const { delegations } = declareAbsence(wish, ['portfolio-manager', 'committee'], now);
    expect(delegations).toMatchObject([
      { from: 'pat', to: 'kim', function: 'portfolio-manager', mandateId: '*', validUntil: wish.validUntil },
      { from: 'pat', to: 'kim', function: 'committee' },
    ]);
  });

  it('holds from its beginning to its end, or to the return', () => {
    const { absence } = declareAbsence(wish, [], now);
    const at = (time: string, endedAt?: string) =>
      isAbsent('pat', [{ ...absence, ...(endedAt && { endedAt }) }], time) !== undefined;
    expect([at(now), at('2024-02-09T23:59:59.999Z'), at(wish.validUntil)]).toEqual([true, true, false]);
    expect([at('2024-02-03T00:00:00.000Z', '2024-02-03T00:00:00.000Z'), isAbsent('kim', [absence], now)]).toEqual([
      false,
      undefined,
    ]);
  });

  it('is no way to take over somebody else, and ends after it begins', () => {
    expect(() => declareAbsence({ ...wish, declaredBy: 'kim' }, [], now)).toThrow(
      /cannot declare pat absent and stand in/,
    );
    expect(declareAbsence({ ...wish, declaredBy: 'olga' }, [], now).absence.declaredBy).toBe('olga');
    expect(() => declareAbsence({ ...wish, validUntil: now }, [], now)).toThrow(/holds at no time/);
    expect(() => declareAbsence({ ...wish, deputy: 'pat' }, ['risk'], now)).toThrow(/cannot delegate to himself/);
  });
});
