import { deepFreeze } from '@allostat/kernel';
import { declareAbsence } from '../review/absence';
import { committeeSchema, covers, type Committee } from './committee';
import { castVote, closeMeeting, convene, type Meeting, type MeetingItem, type VoteWish } from './meeting';

const now = '2024-02-01T09:00:00.000Z';
const committee: Committee = {
  id: 'investment',
  version: 1,
  name: 'Investment committee',
  chair: 'ada',
  members: ['ada', 'ben', 'cleo'],
  quorum: 2,
  majority: 'simple',
  mandates: ['balanced', 'income'],
};
const item = (subject: string, parties: MeetingItem['parties'] = []): MeetingItem => ({
  subject,
  mandateId: 'balanced',
  contentHash: subject.at(-1)?.repeat(64) as string,
  parties,
});
const meeting = (...items: MeetingItem[]): Meeting => deepFreeze(convene(committee, items, 'casey', now));
const none = { now, delegations: [], absences: [] };
const vote = (on: Meeting, actor: string, change: Partial<VoteWish> = {}, context = none): Meeting =>
  castVote(on, { subject: 'p-a', actor, choice: 'for', contentHash: 'a'.repeat(64), ...change }, context);
const close = (on: Meeting, actor = 'ada') =>
  closeMeeting(on, { actor, text: 'read, discussed, voted', followUps: [] }, now);

/** What a refusal tells the caller. */
function refusal(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    const { code, hint, status } = error as { code: string; hint: string; status: number };
    return { code, hint, status };
  }
  return undefined;
}

it.each<[string, () => unknown, number, string]>([
  ['NOTHING_TO_DECIDE', () => meeting(), 422, 'name a review'],
  [
    'NOT_THE_COMMITTEE',
    () => meeting({ ...item('p-a'), mandateId: 'growth' }),
    422,
    'its mandates are balanced, income',
  ],
  ['ITEM_UNKNOWN', () => vote(meeting(item('p-b')), 'ada'), 404, 'see the meeting for its items'],
  ['NOT_A_MEMBER', () => vote(meeting(item('p-a')), 'zoe'), 403, 'only members vote'],
  ['CONTENT_CHANGED', () => vote(meeting(item('p-a')), 'ada', { contentHash: 'b' }), 409, 'read it again'],
  ['ALREADY_VOTED', () => vote(vote(meeting(item('p-a')), 'ada'), 'ada'), 409, 'one person has one vote'],
  ['NOT_THE_CHAIR', () => close(meeting(item('p-a')), 'ben'), 403, 'ada chairs it'],
  ['MEETING_CLOSED', () => vote(close(meeting(item('p-a'))), 'ada'), 409, 'convene another'],
])('%s: a refusal says what to do next', (code, work, status, hint) => {
  expect(refusal(work)).toEqual({ code: `GOVERNANCE.${code}`, status, hint });
});

it('two items are voted on apart, and counted apart', () => {
  const both = meeting(item('p-a'), item('p-b'));
  const onB = { subject: 'p-b', contentHash: 'b'.repeat(64) };
  let divided = vote(vote(both, 'ada'), 'ben');
  divided = vote(vote(divided, 'ada', { ...onB, choice: 'against', reason: 'too dear' }), 'cleo', onB);
  expect(close(divided).minutes.results).toMatchObject([
    { subject: 'p-a', for: 2, against: 0, absent: ['cleo'], carried: true, dissents: [] },
    { subject: 'p-b', for: 1, against: 1, absent: ['ben'], carried: false, dissents: [{ member: 'ada' }] },
  ]);
});

it('a vote for says only what was said', () => {
  expect(vote(meeting(item('p-a')), 'ada').votes).toEqual([
    { subject: 'p-a', member: 'ada', castBy: 'ada', choice: 'for', contentHash: 'a'.repeat(64), at: now },
  ]);
  expect(vote(meeting(item('p-a')), 'ada', { reason: 'well argued' }).votes[0].reason).toBe('well argued');
});

it('a deputy has no vote where the member had a hand in it, nor where he had one himself', () => {
  const { absence, delegations } = declareAbsence(
    {
      person: 'ada',
      deputy: 'kim',
      validFrom: now,
      validUntil: '2024-02-10T00:00:00.000Z',
      reason: 'on leave',
      declaredBy: 'ada',
    },
    ['committee'],
    now,
  );
  const away = { now, delegations: [...delegations], absences: [absence] } as never;
  const deputised = (person: string) =>
    vote(meeting(item('p-a', [{ person, part: 'editor' }])), 'kim', { onBehalfOf: 'ada' }, away);
  expect(() => deputised('ada')).toThrow(/cannot decide on it/);
  expect(() => deputised('kim')).toThrow(/cannot decide on it/);
  expect(deputised('zoe').votes).toMatchObject([{ member: 'ada', castBy: 'kim' }]);
});

it('meetings are told apart by who convened them, when, and on what', () => {
  const ids = [
    meeting(item('p-a')),
    meeting(item('p-b')),
    meeting(item('p-a'), item('p-b')),
    convene(committee, [item('p-a')], 'ada', now),
    convene(committee, [item('p-a')], 'casey', '2024-02-02T09:00:00.000Z'),
    convene({ ...committee, id: 'board' }, [item('p-a')], 'casey', now),
  ].map(({ meetingId }) => meetingId);
  expect(new Set(ids).size).toBe(ids.length);
  expect(meeting(item('p-a')).meetingId).toBe(ids[0]);
});

it.each([
  [{ members: ['ada', 'ada'] }, 'members', 'ada is listed twice'],
  [{ chair: 'zoe' }, 'chair', 'zoe is not one of the members'],
  [{ quorum: 4 }, 'quorum', '4 is more than the 3 members'],
])('a fault of a committee names its field: %j', (change, field, message) => {
  const { error } = committeeSchema.safeParse({ ...committee, quorum: 1, ...change });
  expect(error?.issues).toEqual([{ code: 'custom', path: [field], message }]);
});

it('a quorum may be all members, and a committee without mandates decides on all', () => {
  expect(committeeSchema.safeParse({ ...committee, quorum: 3 }).success).toBe(true);
  expect([covers({}, 'growth'), covers(committee, 'growth'), covers(committee, 'income')]).toEqual([true, false, true]);
});
