import { declareAbsence, isAbsent, requirePresent, type Absence } from './absence';
import { refusalOf } from './sample-review.fixture';

const now = '2024-02-01T09:00:00.000Z';
const wish = {
  person: 'pat',
  deputy: 'kim',
  validFrom: now,
  validUntil: '2024-02-10T09:00:00.000Z',
  reason: 'on leave',
  declaredBy: 'pat',
};
const away = (change: Partial<Absence> = {}): Absence => ({ id: 'a-1', ...wish, ...change });

describe('an absence that is declared', () => {
  it('delegates each role to the deputy for as long, on every mandate', () => {
    const { absence, delegations } = declareAbsence(wish, ['risk', 'committee'], now);
    expect(absence).toEqual({ ...wish, id: expect.any(String) as string });
    const { validFrom, validUntil, reason } = wish;
    expect(delegations).toEqual(
      ['risk', 'committee'].map((role) => ({
        id: expect.any(String) as string,
        from: 'pat',
        to: 'kim',
        function: role,
        mandateId: '*',
        validFrom,
        validUntil,
        reason,
      })),
    );
  });

  it('without a deputy delegates nothing', () => {
    const { deputy: _deputy, ...alone } = wish;
    expect(declareAbsence(alone, ['risk'], now).delegations).toEqual([]);
  });

  it('has an id that tells it from every other', () => {
    const changes = [
      {},
      { person: 'riley', declaredBy: 'pat', deputy: 'ann' },
      { validFrom: '2024-02-02T09:00:00.000Z' },
      { validUntil: '2024-02-11T09:00:00.000Z' },
      { declaredBy: 'olga' },
    ];
    const ids = changes.map((change) => declareAbsence({ ...wish, ...change }, [], now).absence.id);
    ids.push(declareAbsence(wish, [], '2024-02-01T09:00:00.001Z').absence.id);
    expect(new Set(ids).size).toBe(6);
  });

  it.each([
    ['runs backwards', { validFrom: '2024-02-11T09:00:00.000Z' }],
    ['takes no time', { validFrom: wish.validUntil }],
    ['is over', { validFrom: '2024-01-01T09:00:00.000Z', validUntil: now }],
  ])('is refused when it %s', (_how, change) => {
    const { validFrom, validUntil } = { ...wish, ...change };
    expect(refusalOf(() => declareAbsence({ ...wish, ...change }, [], now))).toEqual([
      'GOVERNANCE.ABSENCE_REFUSED',
      `an absence from ${validFrom} to ${validUntil} holds at no time from ${now} on`,
      'choose a later end',
      422,
    ]);
  });

  it('is no way to take over somebody else', () => {
    expect(refusalOf(() => declareAbsence({ ...wish, declaredBy: 'kim' }, [], now))).toEqual([
      'GOVERNANCE.ABSENCE_REFUSED',
      'kim cannot declare pat absent and stand in for him',
      'somebody else must declare it, or name another deputy',
      403,
    ]);
    // himself as his own deputy is refused by the delegation, which says so
    expect(refusalOf(() => declareAbsence({ ...wish, deputy: 'pat' }, ['risk'], now))?.[0]).toBe(
      'GOVERNANCE.DELEGATION_REFUSED',
    );
  });

  it.each([
    ['a machine', { declaredBy: 'service:hr' }, 'GOVERNANCE.NOT_A_PERSON'],
    ['somebody without a reason', { reason: 'ill' }, 'GOVERNANCE.REASON_MISSING'],
  ])('is refused from %s', (_who, change, code) => {
    expect(refusalOf(() => declareAbsence({ ...wish, ...change }, [], now))?.[0]).toBe(code);
  });
});

describe('a person', () => {
  it.each([
    ['from the first instant', {}, now, true],
    ['not a moment before', {}, '2024-02-01T08:59:59.999Z', false],
    ['to the last moment', {}, '2024-02-10T08:59:59.999Z', true],
    ['not at the end', {}, wish.validUntil, false],
    ['until he is back', { endedAt: '2024-02-03T09:00:00.000Z' }, '2024-02-03T08:59:59.999Z', true],
    ['not when he is back', { endedAt: '2024-02-03T09:00:00.000Z' }, '2024-02-03T09:00:00.000Z', false],
    ['not when another is', { person: 'ann' }, now, false],
  ])('is away %s', (_when, change, at, expected) => {
    expect(isAbsent('pat', [away({ id: 'other', person: 'zoe' }), away(change)], at)?.id).toBe(
      expected ? 'a-1' : undefined,
    );
  });

  it('who is away does not sign, and is told who can', () => {
    const refused = (absence: Absence) => refusalOf(() => requirePresent('pat', [absence], now));
    const message = `pat is away from ${now} to ${wish.validUntil}`;
    expect(refused(away())).toEqual(['GOVERNANCE.ABSENT', message, 'kim stands in; or end the absence first', 403]);
    const { deputy: _deputy, ...alone } = away();
    expect(refused(alone)).toEqual(['GOVERNANCE.ABSENT', message, 'end the absence first', 403]);
    expect(refused(away({ person: 'kim' }))).toBeUndefined();
  });
});
