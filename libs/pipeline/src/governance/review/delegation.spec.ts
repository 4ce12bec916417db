import { delegate, delegationFor, isInForce, linksNow, type Delegation } from './delegation';
import { refusalOf } from './sample-review.fixture';

const now = '2024-02-01T09:00:00.000Z';
const wish = {
  from: 'riley',
  to: 'pat',
  function: 'risk',
  mandateId: 'balanced',
  validFrom: now,
  validUntil: '2024-02-10T09:00:00.000Z',
  reason: 'holidays',
};
const made = (change: Partial<Delegation> = {}): Delegation => ({ ...delegate(wish, now), ...change });

describe('a delegation', () => {
  it('is what was wished, under an id that follows from it', () => {
    expect(made()).toEqual({ ...wish, id: expect.any(String) as string });
    const changes = [
      {},
      { from: 'kim' },
      { to: 'kim' },
      { function: 'committee' },
      { mandateId: '*' },
      { validFrom: '2024-02-02T09:00:00.000Z' },
    ];
    expect(new Set(changes.map((change) => delegate({ ...wish, ...change }, now).id)).size).toBe(changes.length);
    expect(made().id).toBe(made().id);
  });

  it.each([
    ['to oneself', { to: 'riley' }, 'riley cannot delegate to himself', 'name another person'],
    [
      'in the past',
      { validFrom: '2024-02-01T08:59:59.999Z' },
      'a delegation cannot begin at 2024-02-01T08:59:59.999Z, before it is made',
      `begin at ${now} or later`,
    ],
    [
      'for no time',
      { validUntil: now },
      'a delegation lasts more than 0 and at most 92 days, got 0',
      'choose an earlier end',
    ],
    [
      'backwards',
      { validUntil: '2024-01-31T09:00:00.000Z' },
      'a delegation lasts more than 0 and at most 92 days, got -1',
      'choose an earlier end',
    ],
    [
      'for longer than a quarter',
      { validUntil: '2024-05-04T09:00:00.000Z' },
      'a delegation lasts more than 0 and at most 92 days, got 93',
      'choose an earlier end',
    ],
    [
      'to no known end',
      { validUntil: 'whenever' },
      'a delegation lasts more than 0 and at most 92 days, got NaN',
      'choose an earlier end',
    ],
  ])('%s is refused', (_how, change, message, hint) => {
    expect(refusalOf(() => delegate({ ...wish, ...change }, now))).toEqual([
      'GOVERNANCE.DELEGATION_REFUSED',
      message,
      hint,
      403,
    ]);
  });

  it('of 92 days, the longest quarter, is taken', () => {
    expect(delegate({ ...wish, validUntil: '2024-05-03T09:00:00.000Z' }, now).to).toBe('pat');
  });
});

describe('in force', () => {
  it.each([
    ['at its first instant', {}, now, true],
    ['a moment before', {}, '2024-02-01T08:59:59.999Z', false],
    ['at its last moment', {}, '2024-02-10T08:59:59.999Z', true],
    ['at its end', {}, '2024-02-10T09:00:00.000Z', false],
    ['until it is revoked', { revokedAt: '2024-02-03T09:00:00.000Z' }, '2024-02-03T08:59:59.999Z', true],
    ['when it is revoked', { revokedAt: '2024-02-03T09:00:00.000Z' }, '2024-02-03T09:00:00.000Z', false],
  ])('%s', (_when, change, at, expected) => {
    expect(isInForce(made(change), at)).toBe(expected);
    expect(linksNow([made(change)], at)).toEqual(expected ? [{ from: 'riley', to: 'pat' }] : []);
  });
});

describe('the delegation that lets a person decide for another', () => {
  const wanted = { function: 'risk', mandateId: 'balanced', now };

  it('is found among others, on the mandate or on all', () => {
    const others = [
      made({ id: '1', from: 'kim' }),
      made({ id: '2', to: 'kim' }),
      made({ id: '3', function: 'committee' }),
    ];
    expect(delegationFor('pat', 'riley', wanted, [...others, made({ id: '4' })]).id).toBe('4');
    expect(delegationFor('pat', 'riley', wanted, [...others, made({ id: '5', mandateId: '*' })]).id).toBe('5');
  });

  it.each([
    ['from another', { from: 'kim' }],
    ['to another', { to: 'kim' }],
    ['in another function', { function: 'committee' }],
    ['on another mandate', { mandateId: 'growth' }],
    ['that is over', { revokedAt: now }],
  ])('is no other: not one %s', (_how, change) => {
    expect(refusalOf(() => delegationFor('pat', 'riley', wanted, [made(change)]))).toEqual([
      'GOVERNANCE.DELEGATION_REFUSED',
      `riley has not delegated the function risk on balanced to pat at ${now}`,
      'ask for a delegation first',
      403,
    ]);
  });
});
