import type { Delegation } from './delegation';
import { CONTENT, EXPIRES, LATER, OPENED, refusalOf, reviewWith } from './sample-review.fixture';
import { requireOnTime, requirePerson, requireReason, sign, type Signature, type SignatureContext } from './sign';

const signature = (change: Partial<Signature> = {}): Signature => ({
  actor: 'pat',
  function: 'portfolio-manager',
  decision: 'approve',
  reason: 'within budget',
  contentHash: CONTENT,
  ...change,
});
const context = (change: Partial<SignatureContext> = {}): SignatureContext => ({
  now: OPENED,
  mandateId: 'balanced',
  delegations: [],
  ...change,
});
const delegation: Delegation = {
  id: 'd-1',
  from: 'riley',
  to: 'pat',
  function: 'risk',
  mandateId: 'balanced',
  validFrom: OPENED,
  validUntil: EXPIRES,
  reason: 'holidays',
};
const requirement = (change: object) => ({ ...reviewWith().requirement, ...change });

describe('a signature', () => {
  it('is recorded as given, with its instant, and the review waits for the next', () => {
    const { status, decisions } = sign(reviewWith(), signature(), context());
    expect(status).toBe('submitted');
    expect(decisions).toStrictEqual([
      {
        actor: 'pat',
        decision: 'approve',
        reason: 'within budget',
        contentHash: CONTENT,
        at: OPENED,
        function: 'portfolio-manager',
      },
    ]);
  });

  it('that is the last one needed approves the review, and keeps those before it', () => {
    const once = sign(reviewWith(), signature(), context());
    const { status, decisions } = sign(once, signature({ actor: 'riley' }), context({ now: LATER }));
    expect(status).toBe('approved');
    expect(decisions.map(({ actor, at }) => [actor, at])).toEqual([
      ['pat', OPENED],
      ['riley', LATER],
    ]);
  });

  it('keeps what the person saw, confirmed and said of it, and leaves out what is empty', () => {
    const viewed = [{ part: 'limits', hash: 'f'.repeat(64), openedAt: OPENED }];
    const full = {
      reasonCode: 'WITHIN_POLICY',
      answers: { 'limits-read': true },
      evidence: ['limits'],
      viewed,
      authentication: 'oidc:pat',
    };
    expect(sign(reviewWith(), signature(full), context()).decisions[0]).toMatchObject(full);
    const empty = sign(reviewWith(), signature({ answers: {}, evidence: [], viewed: [] }), context()).decisions[0];
    expect(Object.keys(empty).sort()).toEqual(['actor', 'at', 'contentHash', 'decision', 'function', 'reason']);
  });

  it('that rejects ends the review, whatever is confirmed or answered', () => {
    const review = reviewWith({
      status: 'challenged',
      requirement: requirement({ questions: ['limits-read'], challenge: true }),
    });
    const { status, decisions } = sign(review, signature({ decision: 'reject' }), context());
    expect([status, decisions]).toEqual(['rejected', [expect.objectContaining({ actor: 'pat', decision: 'reject' })]]);
    const second = sign(sign(reviewWith(), signature(), context()), signature({ actor: 'kim', decision: 'reject' }), {
      ...context(),
    });
    expect(second.decisions.map(({ actor }) => actor)).toEqual(['pat', 'kim']);
  });

  it('that approves is refused while a challenge is open', () => {
    expect(refusalOf(() => sign(reviewWith({ status: 'challenged' }), signature(), context()))?.slice(0, 2)).toEqual([
      'GOVERNANCE.ACTION_NOT_ALLOWED',
      'a review that is challenged does not take "approve"',
    ]);
  });

  it('in the wrong state says so before it asks for confirmations', () => {
    const review = reviewWith({ status: 'challenged', requirement: requirement({ questions: ['limits-read'] }) });
    expect(refusalOf(() => sign(review, signature(), context()))?.[0]).toBe('GOVERNANCE.ACTION_NOT_ALLOWED');
  });
});

describe('a signature is refused', () => {
  it('without a reason of five characters, blanks at its ends not counted', () => {
    expect(refusalOf(() => sign(reviewWith(), signature({ reason: '  four ' }), context()))).toEqual([
      'GOVERNANCE.REASON_MISSING',
      'a reason of at least 5 characters is needed',
      'say why you decide so',
      422,
    ]);
    expect([refusalOf(() => requireReason('fiver')), refusalOf(() => requireReason('   a   '))?.[0]]).toEqual([
      undefined,
      'GOVERNANCE.REASON_MISSING',
    ]);
  });

  it('from the instant on at which the review expires', () => {
    expect(refusalOf(() => sign(reviewWith(), signature(), context({ now: EXPIRES })))).toEqual([
      'GOVERNANCE.REVIEW_EXPIRED',
      `the review expired at ${EXPIRES}`,
      'wait for the next proposal',
      409,
    ]);
    expect(refusalOf(() => requireOnTime({ expiresAt: EXPIRES }, '2024-02-06T08:59:59.999Z'))).toBeUndefined();
  });

  it('on content that the person did not see', () => {
    const other = 'b'.repeat(64);
    expect(refusalOf(() => sign(reviewWith(), signature({ contentHash: other }), context()))).toEqual([
      'GOVERNANCE.CONTENT_CHANGED',
      `the decision was made on content ${other}, the proposal now has ${CONTENT}`,
      'read the proposal again, then decide',
      409,
    ]);
  });

  it.each(['service:optimization', 'group:desk'])('from %s', (actor) => {
    expect(refusalOf(() => sign(reviewWith(), signature({ actor }), context()))).toEqual([
      'GOVERNANCE.NOT_A_PERSON',
      `${actor} is not a person`,
      'only a person can decide; sign as yourself',
      403,
    ]);
  });

  it('from no person whose name only contains such a word', () => {
    expect(refusalOf(() => requirePerson('ann.service:'))).toBeUndefined();
    expect(refusalOf(() => requirePerson('customer-group'))).toBeUndefined();
  });

  it('from the maker, and from whoever signed before', () => {
    expect(refusalOf(() => sign(reviewWith(), signature({ actor: 'max' }), context()))?.[0]).toBe(
      'GOVERNANCE.MAKER_CANNOT_DECIDE',
    );
    const once = sign(reviewWith(), signature(), context());
    expect(refusalOf(() => sign(once, signature({ decision: 'reject' }), context()))?.[0]).toBe(
      'GOVERNANCE.ALREADY_DECIDED',
    );
  });

  it('from who is away', () => {
    const absences = [
      { id: 'a', person: 'pat', validFrom: OPENED, validUntil: EXPIRES, reason: 'on leave', declaredBy: 'pat' },
    ];
    expect(refusalOf(() => sign(reviewWith(), signature(), context({ absences })))?.[0]).toBe('GOVERNANCE.ABSENT');
  });

  it('without the confirmations that the tier asks for, each of them with yes', () => {
    const review = reviewWith({
      requirement: requirement({ tier: 'high', questions: ['limits-read', 'rationale-read'] }),
    });
    const refused = (answers?: Record<string, boolean>) =>
      refusalOf(() => sign(review, signature({ ...(answers && { answers }) }), context()));
    expect(refused()).toEqual([
      'GOVERNANCE.ANSWERS_MISSING',
      'tier high asks every approver to confirm limits-read, rationale-read',
      'read, then confirm with --confirm limits-read --confirm rationale-read; otherwise reject or challenge',
      422,
    ]);
    expect(refused({ 'limits-read': true, 'rationale-read': false })?.[1]).toMatch(/confirm rationale-read$/);
    expect(refused({ 'limits-read': true, 'rationale-read': true })).toBeUndefined();
  });

  it('without an answered challenge where the tier asks for one', () => {
    const critical = requirement({ tier: 'critical', challenge: true });
    const asked = { id: 'c-1', actor: 'casey', at: OPENED, topic: 'risk', text: 'is it so?' } as const;
    const answered = { ...asked, id: 'c-2', answer: { actor: 'max', at: OPENED, text: 'it is so' } };
    const refused = (challenges: readonly (typeof asked | typeof answered)[]) =>
      refusalOf(() => sign(reviewWith({ requirement: critical, challenges }), signature(), context()));
    expect(refused([])).toEqual([
      'GOVERNANCE.CHALLENGE_MISSING',
      'tier critical needs at least one challenge that was answered',
      'challenge the proposal first: `allostat review challenge ID`',
      422,
    ]);
    expect(refused([asked])?.[0]).toBe('GOVERNANCE.CHALLENGE_MISSING');
    expect(refused([asked, answered])).toBeUndefined();
  });
});

describe('in the name of another', () => {
  const standIn = signature({ onBehalfOf: 'riley', function: 'risk' });

  it('signs who has his delegation, and it is recorded', () => {
    const { decisions } = sign(reviewWith(), standIn, context({ delegations: [delegation] }));
    expect(decisions[0]).toMatchObject({ actor: 'pat', onBehalfOf: 'riley', function: 'risk' });
  });

  it.each([
    ['without one', {}, []],
    ['in another function', {}, [{ ...delegation, function: 'committee' }]],
    ['on another mandate', { mandateId: 'growth' }, [delegation]],
    ['before it begins', { now: '2024-01-31T09:00:00.000Z' }, [delegation]],
  ])('nobody signs %s', (_how, change, delegations) => {
    expect(refusalOf(() => sign(reviewWith(), standIn, context({ ...change, delegations })))?.[0]).toBe(
      'GOVERNANCE.DELEGATION_REFUSED',
    );
  });

  it('who delegated to a party is bound as he is, only while it holds', () => {
    const delegations = [{ ...delegation, from: 'kim', to: 'max' }];
    const kim = signature({ actor: 'kim' });
    expect(refusalOf(() => sign(reviewWith(), kim, context({ delegations })))?.[0]).toBe(
      'GOVERNANCE.PARTY_CANNOT_DECIDE',
    );
    const before = context({ delegations, now: '2024-01-31T09:00:00.000Z' });
    expect(refusalOf(() => sign(reviewWith(), kim, before))).toBeUndefined();
  });
});

describe('for a committee', () => {
  const forCommittee = signature({ function: 'committee' });

  it('signs who has the resolution of every committee concerned', () => {
    const carried = [
      { committee: 'investment', carriedBy: 'm-1' },
      { committee: 'board', carriedBy: 'm-2' },
    ];
    expect(sign(reviewWith(), forCommittee, context({ committees: carried })).decisions[0].resolutions).toEqual([
      'm-1',
      'm-2',
    ]);
    expect(sign(reviewWith(), forCommittee, context()).decisions[0]).not.toHaveProperty('resolutions');
    expect(sign(reviewWith(), signature(), context({ committees: carried })).decisions[0]).not.toHaveProperty(
      'resolutions',
    );
  });

  it('nobody signs without, and anybody rejects', () => {
    const committees = [{ committee: 'risk' }, { committee: 'investment', carriedBy: 'm-1' }, { committee: 'board' }];
    expect(refusalOf(() => sign(reviewWith(), forCommittee, context({ committees })))).toEqual([
      'GOVERNANCE.RESOLUTION_MISSING',
      'no meeting of risk, board has carried this content',
      'convene one with `allostat committee convene`, vote and close it with its minutes',
      422,
    ]);
    const rejected = sign(reviewWith(), { ...forCommittee, decision: 'reject' }, context({ committees }));
    expect(rejected.status).toBe('rejected');
  });
});
