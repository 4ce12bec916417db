import { SAMPLE_MANDATE } from '../../mandate/sample-mandate';
import type { AllocationProposed } from '../../optimization/events';
import { CERTIFICATE_POLICY } from '../policies/certificate.policy';
import { SAMPLE_RECORD } from '../policies/sample-record';
import { STALE_DATA_POLICY } from '../policies/stale-data.policy';
import { UNIT_SAFETY_POLICY } from '../policies/unit-safety.policy';
import { WEIGHT_POLICY } from '../policies/weight.policy';
import { evidenceOf, readingSeconds } from './evidence';
import type { JudgedDecision, OversightFacts } from './oversight-facts';
import { oversightReport } from './oversight-report';
import { FAULTS, plantFault } from './plant-fault';
import { RUBBER_STAMP_LIMITS } from './rubber-stamp';
import { scoreOverride } from './score-override';

const line = (instrument: string, previousWeight: number, targetWeight: number) => ({
  instrument,
  previousWeight,
  targetWeight,
  cost: Math.abs(targetWeight - previousWeight) * 0.001,
});
const base: AllocationProposed = {
  type: 'AllocationProposed',
  proposalId: 'p-1',
  mandateId: 'balanced',
  mandateVersion: 1,
  asOf: '2024-01-31',
  trigger: 'schedule',
  regime: 'expansion',
  weights: [line('EQ', 0.6, 0.5), line('BOND', 0.3, 0.35), line('CASH', 0.1, 0.15)],
  expectedVolatility: 0.08,
  volatilityTarget: 0.08,
  turnover: 0.1,
  expectedCost: 0.0002,
  certificate: { method: 'hrp', status: 'feasible', primalResidual: 0, iterations: 1 },
  rationale: ['EQ falls from 60.00 % to 50.00 %.', 'BOND rises from 30.00 % to 35.00 %.'],
  inputs: { riskModel: 'a', budget: 'b', holdings: 'c', mandate: 'd' },
  prices: [
    { id: 'EQ', close: 100 },
    { id: 'BOND', close: 50 },
    { id: 'CASH', close: 1 },
  ],
};

describe('evidence', () => {
  it('is named by the hash of what is shown: another proposal gives another hash for the part that differs', () => {
    const other = { ...base, expectedVolatility: 0.09 };
    const hash = (part: 'risk' | 'weights', proposal: AllocationProposed) =>
      evidenceOf(part, proposal, SAMPLE_MANDATE).hash;
    expect(hash('risk', base)).not.toBe(hash('risk', other));
    expect(hash('weights', base)).toBe(hash('weights', other));
  });

  it('takes 16 words and three changed lines to be read in 25 words over 238 a minute', () => {
    expect(readingSeconds(base)).toBeCloseTo((25 / 238) * 60, 12);
  });
});

describe('a planted fault', () => {
  const planted = (fault: (typeof FAULTS)[number]) => plantFault(base, fault, SAMPLE_MANDATE, 'seed');

  it.each(FAULTS)('%s: has an id of its own and changes nothing but what it is about', (fault) => {
    const { proposalId, ...rest } = planted(fault);
    expect(proposalId).not.toBe(base.proposalId);
    const changed = Object.keys(base).filter((key) => {
      const field = key as Exclude<keyof AllocationProposed, 'proposalId'>;
      return key !== 'proposalId' && JSON.stringify(rest[field]) !== JSON.stringify(base[field]);
    });
    expect(changed).toHaveLength(1);
  });

  // the rules for releases were written without drills in mind: they must see what a person is to see
  const verdictOf = (proposal: AllocationProposed) => {
    const record = {
      ...SAMPLE_RECORD,
      asOf: proposal.asOf,
      mandate: SAMPLE_MANDATE,
      lines: proposal.weights,
      certificate: proposal.certificate,
      orders: [],
    };
    return [WEIGHT_POLICY, UNIT_SAFETY_POLICY, STALE_DATA_POLICY, CERTIFICATE_POLICY]
      .map((policy) => policy.evaluate(record, { dataAgeDaysMax: 10, primalResidualMax: 1e-6 }))
      .filter(({ verdict }) => verdict === 'fail')
      .map(({ policy }) => policy);
  };
  it('is seen by the rule that is about it', () => {
    expect(verdictOf(base)).toEqual([]);
    expect(verdictOf(planted('weight-over-limit'))).toEqual(['weight']);
    expect(verdictOf(planted('weights-do-not-sum'))).toEqual(['unit-safety']);
    expect(verdictOf(planted('stale-prices'))).toEqual(['stale-data']);
  });

  it('contradicts the words, understates the cost, moves the price by a hundred', () => {
    expect(planted('rationale-contradicted').weights.map(({ targetWeight }) => targetWeight)).toEqual([
      expect.closeTo(0.7, 12),
      0.25,
      expect.closeTo(0.05, 12),
    ]);
    const { expectedCost, weights } = planted('cost-understated');
    expect(expectedCost).toBeLessThan(weights.reduce((sum, { cost }) => sum + cost, 0) / 5);
    expect(planted('price-off-by-hundred').prices[0]).toEqual({ id: 'EQ', close: 10_000 });
  });

  it('is refused where it leaves no trace', () => {
    const free = { ...base, expectedCost: 0 };
    expect(() => plantFault(free, 'cost-understated', SAMPLE_MANDATE, 's')).toThrow(/leaves no room for the fault/);
    const whole = { ...base, weights: [line('EQ', 0.2, 0.9), line('BOND', 0.8, 0.1)] };
    expect(() => plantFault(whole, 'rationale-contradicted', SAMPLE_MANDATE, 's')).toThrow(/rationale-contradicted/);
  });
});

describe('an override', () => {
  // Worked out with Python's fractions module: 0.3*(110/100-1) + 0.7*(49/50-1) - 0.0005 and 0.5*0.1 + 0.35*-0.02 - 0.0002
  const own = {
    ...base,
    weights: [line('EQ', 0.6, 0.3), line('BOND', 0.3, 0.7), line('CASH', 0.1, 0)],
    expectedCost: 0.0005,
  };
  const at = (asOf: string, eq: number, bond: number) => ({
    asOf,
    prices: [
      { id: 'EQ', close: eq },
      { id: 'BOND', close: bond },
      { id: 'CASH', close: 1 },
    ],
  });

  it('is scored after a month, at the first prices that are known then, after the cost of both', () => {
    const later = [at('2024-03-29', 300, 10), at('2024-03-01', 110, 49), at('2024-02-28', 1, 1)];
    expect(scoreOverride(own, base, later)).toEqual({
      from: '2024-01-31',
      to: '2024-03-01',
      proposedReturn: expect.closeTo(0.0428, 15),
      ownReturn: expect.closeTo(0.0155, 15),
      valueAdded: expect.closeTo(-0.0273, 15),
    });
  });

  it('waits while the month is not over or something that was held has no price', () => {
    expect(scoreOverride(own, base, [at('2024-02-28', 110, 49)])).toBeUndefined();
    const partial = { asOf: '2024-03-04', prices: [{ id: 'EQ', close: 1 }] };
    expect(scoreOverride(own, base, [partial])).toBeUndefined();
    expect(scoreOverride(own, base, [partial, at('2024-03-05', 110, 49)])?.to).toBe('2024-03-05');
  });
});

describe('the report', () => {
  const minute = (n: number): string => new Date(Date.UTC(2024, 0, 1, 0, n)).toISOString();
  const decided = (n: number, change: Partial<JudgedDecision> = {}): JudgedDecision => ({
    person: 'pat',
    proposalId: `p-${n}`,
    mandateId: 'balanced',
    decision: 'approve',
    at: minute(100 * n + 10),
    openedAt: minute(100 * n),
    viewed: [
      { part: 'proposal', openedAt: minute(100 * n + 5) },
      { part: 'limits', openedAt: minute(100 * n + 6) },
    ],
    confirmed: [],
    readingSeconds: 60,
    drill: false,
    ...change,
  });
  const many = (n: number, change: (i: number) => Partial<JudgedDecision> = () => ({})) =>
    Array.from({ length: n }, (_, i) => decided(i, change(i)));
  const facts = (change: Partial<OversightFacts>): OversightFacts => ({
    decisions: [],
    objections: [],
    drills: [],
    proposals: 0,
    ...change,
  });
  const rules = (change: Partial<OversightFacts>) =>
    oversightReport(facts(change)).people.flatMap(({ alarms }) => alarms.map(({ rule }) => rule));

  it('measures time from the first opening, waiting from the opening of the review, and evidence by its parts', () => {
    const [pat] = oversightReport(facts({ decisions: many(3), proposals: 3 })).people;
    expect(pat).toMatchObject({
      approvals: 3,
      medianSecondsToDecide: 300,
      medianSecondsWaited: 600,
      evidencePartsMean: 2,
    });
  });

  it('says null, not zero, of what cannot be known', () => {
    expect(oversightReport(facts({}))).toMatchObject({
      overrideRate: null,
      overrideValueAddedMean: null,
      drills: { catchRate: null },
    });
    const unseen = oversightReport(facts({ decisions: [decided(1, { viewed: [] })] }));
    expect(unseen.people[0].medianSecondsToDecide).toBeNull();
    // opened afterwards is not opened before
    const after = decided(1, { viewed: [{ part: 'proposal', openedAt: minute(111) }] });
    expect(oversightReport(facts({ decisions: [after] })).people[0].medianSecondsToDecide).toBeNull();
  });

  it('rates overrides over proposals and averages what they added', () => {
    const score = (valueAdded: number) => ({
      from: '2024-01-01',
      to: '2024-02-01',
      proposedReturn: 0,
      ownReturn: valueAdded,
      valueAdded,
    });
    const override = (change: object) => ({
      person: 'riley',
      mandateId: 'balanced',
      kind: 'override' as const,
      at: minute(1),
      drill: false,
      ...change,
    });
    const report = oversightReport(
      facts({
        proposals: 8,
        objections: [
          override({ score: score(0.02) }),
          override({ score: score(-0.01) }),
          override({}),
          override({ drill: true }),
        ],
      }),
    );
    expect(report).toMatchObject({
      overrideRate: 3 / 8,
      overridesScored: 2,
      overrideValueAddedMean: expect.closeTo(0.005, 15),
    });
    expect(report.people[0]).toMatchObject({ person: 'riley', overrides: 3, challenges: 0 });
  });

  it.each([
    ['faster-than-reading', { viewed: [{ part: 'proposal', openedAt: minute(0) }], at: minute(0) }],
    ['evidence-not-opened', { viewed: [] }],
    ['confirmed-unread', { confirmed: ['limits-read'], viewed: [{ part: 'proposal', openedAt: minute(0) }] }],
  ] as const)('alarms on %s above its share of at least twenty approvals, and not below', (rule, sign) => {
    const share = { 'faster-than-reading': 0.2, 'evidence-not-opened': 0.1, 'confirmed-unread': 0.1 }[rule];
    expect(rules({ decisions: many(20, (i) => (i < 20 * share ? sign : {})) })).toEqual([]);
    expect(rules({ decisions: many(20, (i) => (i < 20 * share + 1 ? sign : {})) })).toEqual([rule]);
    expect(rules({ decisions: many(19, () => sign) })).toEqual([]);
  });

  it('alarms on fifty-nine decisions without an objection, counted from the last one', () => {
    // one in twenty: 0.95^59 = 0.0485 is the first power below one in twenty
    const { withoutObjection } = RUBBER_STAMP_LIMITS;
    expect(withoutObjection).toBe(Math.ceil(Math.log(0.05) / Math.log(0.95)));
    expect(rules({ decisions: many(58) })).toEqual([]);
    expect(rules({ decisions: many(59) })).toEqual(['never-objects']);
    expect(rules({ decisions: many(59, (i) => (i === 0 ? { decision: 'reject' } : {})) })).toEqual([]);
    const challenge = {
      person: 'pat',
      mandateId: 'balanced',
      kind: 'challenge' as const,
      at: minute(500),
      drill: false,
    };
    expect(rules({ decisions: many(63), objections: [challenge] })).toEqual([]);
    expect(rules({ decisions: many(64), objections: [challenge] })).toEqual(['never-objects']);
  });

  it('alarms on a person who approves planted faults, and tells the catch rate', () => {
    const drill = (n: number, change: object) => ({
      proposalId: `d-${n}`,
      mandateId: 'balanced',
      fault: 'stale-prices' as const,
      plantedAt: minute(n),
      outcome: 'caught' as const,
      approvedBy: [],
      ...change,
    });
    const caught = Array.from({ length: 9 }, (_, i) => drill(i, { caughtBy: 'pat' }));
    const missed = (n: number) => drill(n, { outcome: 'missed', approvedBy: ['pat', 'riley'] });
    const decisions = [decided(1), decided(1, { person: 'riley' })];
    const report = oversightReport(facts({ decisions, drills: [...caught, missed(10)] }));
    expect(report.drills).toEqual({ planted: 10, caught: 9, missed: 1, notDecided: 0, catchRate: 0.9 });
    expect(report.people.map(({ person, alarms }) => [person, alarms.map(({ rule }) => rule)])).toEqual([
      ['pat', []],
      ['riley', ['drills-missed']],
    ]);
    expect(rules({ decisions, drills: [...caught, missed(10), missed(11)] })).toEqual([
      'drills-missed',
      'drills-missed',
    ]);
  });
});
