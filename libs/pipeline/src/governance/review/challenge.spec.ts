import { answerChallenge, challengeReview } from './challenge';
import { EXPIRES, LATER, OPENED, refusalOf, reviewWith } from './sample-review.fixture';

const doubt = { actor: 'casey', topic: 'risk', text: 'is it tested?' } as const;
const challenged = () => challengeReview(reviewWith(), doubt, OPENED);
const reply = (challengeId: string, change: Partial<Parameters<typeof answerChallenge>[1]> = {}) => ({
  challengeId,
  actor: 'max',
  text: 'it was, twice',
  ...change,
});

describe('a challenge', () => {
  it('is kept with its author, topic, text and instant, and blocks the review', () => {
    const { status, challenges } = challenged();
    expect(status).toBe('challenged');
    expect(challenges).toEqual([{ id: expect.any(String) as string, ...doubt, at: OPENED }]);
  });

  it('has an id of its own: by content, author and place among the challenges', () => {
    const ids = [
      challenged(),
      challengeReview(reviewWith({ contentHash: 'b'.repeat(64) }), doubt, OPENED),
      challengeReview(reviewWith(), { ...doubt, actor: 'kim' }, OPENED),
      challengeReview(challenged(), doubt, OPENED),
    ].map(({ challenges }) => challenges.at(-1)?.id);
    expect(new Set(ids).size).toBe(4);
    expect(challenged().challenges[0].id).toBe(ids[0]);
    // what was asked before stays
    expect(challengeReview(challenged(), doubt, LATER).challenges.map(({ at }) => at)).toEqual([OPENED, LATER]);
  });

  it('of a party is refused: an independent person must ask', () => {
    expect(refusalOf(() => challengeReview(reviewWith(), { ...doubt, actor: 'max' }, OPENED))).toEqual([
      'GOVERNANCE.PARTY_CANNOT_CHALLENGE',
      'max had a hand in this proposal',
      'an independent person must challenge it',
      403,
    ]);
    // one party among others who did not ask is enough, and others do not matter
    const parties = [{ person: 'dev', part: 'model-developer' } as const, ...reviewWith().parties];
    expect(refusalOf(() => challengeReview(reviewWith({ parties }), { ...doubt, actor: 'dev' }, OPENED))?.[0]).toBe(
      'GOVERNANCE.PARTY_CANNOT_CHALLENGE',
    );
    expect(refusalOf(() => challengeReview(reviewWith({ parties }), doubt, OPENED))).toBeUndefined();
  });

  it.each([
    ['without a text that says anything', { ...doubt, text: '?' }, OPENED, 'GOVERNANCE.REASON_MISSING'],
    ['after the review has expired', doubt, EXPIRES, 'GOVERNANCE.REVIEW_EXPIRED'],
    ['from a machine', { ...doubt, actor: 'service:lab' }, OPENED, 'GOVERNANCE.NOT_A_PERSON'],
  ])('is refused %s', (_when, wish, now, code) => {
    expect(refusalOf(() => challengeReview(reviewWith(), wish, now))?.[0]).toBe(code);
  });

  it('of what is decided is refused', () => {
    const refusal = refusalOf(() => challengeReview(reviewWith({ status: 'approved' }), doubt, OPENED));
    expect(refusal?.slice(0, 2)).toEqual([
      'GOVERNANCE.ACTION_NOT_ALLOWED',
      'a review that is approved does not take "challenge"',
    ]);
  });
});

describe('an answer', () => {
  it('is kept beside the question, and people can approve again', () => {
    const review = challenged();
    const [{ id }] = review.challenges;
    const answered = answerChallenge(review, reply(id), LATER);
    expect(answered.status).toBe('responded');
    expect(answered.challenges).toEqual([
      { id, ...doubt, at: OPENED, answer: { actor: 'max', at: LATER, text: 'it was, twice' } },
    ]);
  });

  it('to one of two questions leaves the other open, and the review blocked', () => {
    const review = challengeReview(challenged(), { ...doubt, actor: 'kim', text: 'what of costs?' }, OPENED);
    const [first, second] = review.challenges.map(({ id }) => id);
    const once = answerChallenge(review, reply(second), LATER);
    expect(once.status).toBe('challenged');
    expect(once.challenges.map(({ answer }) => answer?.actor)).toEqual([undefined, 'max']);
    expect(answerChallenge(once, reply(first), LATER).status).toBe('responded');
  });

  it('to what nobody asked, or what is answered, is refused', () => {
    const review = challengeReview(challenged(), { ...doubt, actor: 'kim' }, OPENED);
    const [{ id }] = review.challenges;
    const unknown = (challengeId: string) => [
      'GOVERNANCE.CHALLENGE_UNKNOWN',
      `there is no open challenge ${challengeId}`,
      'list the challenges with `allostat review show ID`',
      404,
    ];
    expect(refusalOf(() => answerChallenge(review, reply('none'), LATER))).toEqual(unknown('none'));
    const answered = answerChallenge(review, reply(id), LATER);
    expect(refusalOf(() => answerChallenge(answered, reply(id), LATER))).toEqual(unknown(id));
  });

  it('to his own question is refused', () => {
    const review = challenged();
    const [{ id }] = review.challenges;
    expect(refusalOf(() => answerChallenge(review, reply(id, { actor: 'casey' }), LATER))).toEqual([
      'GOVERNANCE.OWN_CHALLENGE',
      'casey asked this question and cannot answer it',
      'somebody else must answer',
      403,
    ]);
  });

  it.each([
    ['without a text that says anything', { text: ' no ' }, LATER, 'GOVERNANCE.REASON_MISSING'],
    ['after the review has expired', {}, EXPIRES, 'GOVERNANCE.REVIEW_EXPIRED'],
    ['from a group', { actor: 'group:desk' }, LATER, 'GOVERNANCE.NOT_A_PERSON'],
  ])('is refused %s', (_when, change, now, code) => {
    const review = challenged();
    const [{ id }] = review.challenges;
    expect(refusalOf(() => answerChallenge(review, reply(id, change), now))?.[0]).toBe(code);
  });

  it('where nothing is asked is refused', () => {
    expect(refusalOf(() => answerChallenge(reviewWith(), reply('none'), LATER))?.slice(0, 2)).toEqual([
      'GOVERNANCE.ACTION_NOT_ALLOWED',
      'a review that is submitted does not take "answer"',
    ]);
  });
});
