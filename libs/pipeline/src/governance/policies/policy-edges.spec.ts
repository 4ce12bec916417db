import type { DecisionRecord } from './decision-record';
import { CVAR_LIMIT_POLICY } from './cvar-limit.policy';
import { DRAWDOWN_BUDGET_POLICY } from './drawdown-budget.policy';
import { EXECUTION_THROTTLE_POLICY } from './execution-throttle.policy';
import { GROUP_POLICY } from './group.policy';
import { PILOT_CAP_POLICY } from './pilot-cap.policy';
import { atMost } from './policy';
import { RESTRICTED_LIST_POLICY } from './restricted-list.policy';
import { RISK_BUDGET_POLICY } from './risk-budget.policy';
import { SAMPLE_RECORD } from './sample-record';
import { STALE_HOLDINGS_POLICY } from './stale-holdings.policy';
import { UNIT_SAFETY_POLICY } from './unit-safety.policy';
import { VERSION_HOMOGENEITY_POLICY } from './version-homogeneity.policy';
import { WEIGHT_POLICY } from './weight.policy';

const record = (change: Partial<DecisionRecord>): DecisionRecord => ({ ...SAMPLE_RECORD, ...change });
const [equity, bond, cash] = SAMPLE_RECORD.lines;
/** The equity line of the sample weighs this; cash takes the rest. */
const weighing = (targetWeight: number): DecisionRecord => {
  const rest = 1 - targetWeight - bond.targetWeight;
  return record({ lines: [{ ...equity, targetWeight }, bond, { ...cash, targetWeight: rest }] });
};

describe('a bound forgives rounding and nothing else', () => {
  it.each([
    ['weight', WEIGHT_POLICY, 0.7],
    ['group', GROUP_POLICY, 0.6],
  ])('%s, above', (_name, policy, max) => {
    const at = (weight: number) => policy.evaluate(weighing(weight), {}).verdict;
    expect([at(max), at(max + 0.5e-9), at(max + 2e-9)]).toEqual(['pass', 'pass', 'fail']);
  });

  it('below: of an asset class and of an instrument', () => {
    const at = (weight: number) => GROUP_POLICY.evaluate(weighing(weight), {}).verdict;
    expect([at(0.1), at(0.1 - 0.5e-9), at(0.1 - 2e-9)]).toEqual(['pass', 'pass', 'fail']);
    const limits = { ...SAMPLE_RECORD.mandate.limits, byInstrument: { EQ: { min: 0.2, max: 0.7 } } };
    const mandate = { ...SAMPLE_RECORD.mandate, limits };
    const own = (weight: number) => WEIGHT_POLICY.evaluate({ ...weighing(weight), mandate }, {}).verdict;
    expect([own(0.2), own(0.2 - 0.5e-9), own(0.2 - 2e-9)]).toEqual(['pass', 'pass', 'fail']);
  });
});

it('a verdict on the tail says by which law it is', () => {
  const reasonOf = (change: Partial<DecisionRecord>) =>
    CVAR_LIMIT_POLICY.evaluate(record(change), { cvar95Max: 0.03 }).reason;
  expect(reasonOf({ cvar95FromScenarios: true })).toBe(
    "conditional value at risk at 95 % of the risk model's scenarios is 0.02, allowed is at most 0.03",
  );
  expect(reasonOf({})).toBe('conditional value at risk at 95 % under the normal law is 0.02, allowed is at most 0.03');
});

describe('a verdict says what it is about', () => {
  it.each([
    [WEIGHT_POLICY, 'bounds of each instrument'],
    [GROUP_POLICY, 'bounds of each asset class'],
    [UNIT_SAFETY_POLICY, 'weights, quantities and values agree'],
    [RESTRICTED_LIST_POLICY, 'no purchase of a restricted instrument'],
  ])('$id', (policy, limit) => {
    expect(policy.evaluate(SAMPLE_RECORD, { restricted: [] })).toMatchObject({ policy: policy.id, limit });
  });

  it('also when it cannot be known', () => {
    const { assetClass: _class, ...nameless } = equity;
    expect(GROUP_POLICY.evaluate(record({ lines: [nameless, bond, cash] }), {})).toEqual({
      policy: 'group',
      verdict: 'fail',
      limit: 'bounds of each asset class',
      reason: 'the asset class of EQ is not known',
    });
    expect(VERSION_HOMOGENEITY_POLICY.evaluate(record({ builds: [] }), {})).toEqual({
      policy: 'version-homogeneity',
      verdict: 'fail',
      limit: 1,
      reason: 'the running build is not known',
    });
    expect(PILOT_CAP_POLICY.evaluate(record({ purpose: 'shadow' }), {})).toMatchObject({
      observed: 'shadow',
      limit: 'pilot or production',
    });
  });
});

describe('what is not a number is not known', () => {
  it.each([[undefined], [Number.NaN], [Number.POSITIVE_INFINITY], [Number.NEGATIVE_INFINITY]])('%p', (observed) => {
    expect(atMost('p', { observed, limit: 1, what: 'it' })).toEqual({
      policy: 'p',
      verdict: 'fail',
      limit: 1,
      reason: 'it is not known',
    });
  });

  it('nor is a ratio to a target that is zero, negative or missing', () => {
    const { volatilityTarget: _target, ...targetless } = SAMPLE_RECORD;
    const { expectedVolatility: _expected, ...volatilityless } = SAMPLE_RECORD;
    for (const unknown of [
      record({ volatilityTarget: 0 }),
      record({ volatilityTarget: -0.1 }),
      targetless,
      volatilityless,
    ]) {
      const { reason, observed } = RISK_BUDGET_POLICY.evaluate(unknown, { volatilityRatioMax: 2 });
      expect([reason, observed]).toEqual(['expected volatility over its target is not known', undefined]);
    }
  });

  it('nor is the drift of a line that the order system did not report', () => {
    const { heldWeight: _held, ...unreported } = bond;
    const verdict = STALE_HOLDINGS_POLICY.evaluate(record({ lines: [equity, unreported, cash] }), {
      holdingsDriftMax: 0.5,
    });
    expect(verdict).toMatchObject({ verdict: 'fail', reason: expect.stringMatching(/is not known/) });
  });
});

it('a decision that passes is not said to pass because it raises cash', () => {
  const { verdict, reason } = DRAWDOWN_BUDGET_POLICY.evaluate(SAMPLE_RECORD, { drawdownBudgetUsedMax: 1 });
  expect([verdict, reason]).toEqual(['pass', expect.not.stringMatching(/raises cash/)]);
});

it('only releases of the last day are counted, this one included', () => {
  const releases = ['2024-01-30T12:00:00.000Z', '2024-01-30T13:00:00.000Z', '2024-01-31T12:00:00.000Z'];
  const at = '2024-02-01T00:00:00.000Z';
  const { observed } = EXECUTION_THROTTLE_POLICY.evaluate(record({ releases, at }), { releasesPerDayMax: 9 });
  expect(observed).toBe(2);
});

it('a weight of nothing and a weight of everything are weights', () => {
  const all = record({
    lines: [
      { ...equity, targetWeight: 0, previousWeight: 0 },
      { ...bond, targetWeight: 1, previousWeight: 1 },
    ],
    orders: [],
  });
  expect(UNIT_SAFETY_POLICY.evaluate(all, {}).verdict).toBe('pass');
});
