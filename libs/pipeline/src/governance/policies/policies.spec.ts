import { deepFreeze } from '@allostat/kernel';
import type { DecisionRecord } from './decision-record';
import { POLICIES } from './policies';
import { DEFAULT_POLICY_SET, runPolicies, type PolicyLimits, type PolicySet } from './policy-set';
import { SAMPLE_RECORD } from './sample-record';

const LIMITS: PolicyLimits = {
  turnoverMax: 0.2,
  herfindahlMax: 0.5,
  volatilityRatioMax: 1.2,
  drawdownBudgetUsedMax: 0.9,
  cvar95Max: 0.03,
  daysToTradeMax: 2,
  dataAgeDaysMax: 3,
  modelAgeDaysMax: 400,
  regimeProbabilityMin: 0.6,
  primalResidualMax: 1e-6,
  restricted: ['GOLD'],
  releasesPerDayMax: 3,
  pilotTradedValueMax: 25_000_000,
  holdingsDriftMax: 0.01,
};
const set = (limits: PolicyLimits): PolicySet => ({ id: 'test', version: 1, limits });
const verdict = (policy: string, change: Partial<DecisionRecord> = {}, limits: PolicyLimits = {}) => {
  const report = runPolicies(deepFreeze({ ...SAMPLE_RECORD, ...change }), set({ ...LIMITS, ...limits }));
  return report.verdicts.find((found) => found.policy === policy);
};
const without = (name: keyof DecisionRecord): DecisionRecord => {
  const { [name]: _gone, ...rest } = SAMPLE_RECORD;
  return rest as DecisionRecord;
};
const lines = (change: Record<string, object>) =>
  SAMPLE_RECORD.lines.map((line) => ({ ...line, ...change[line.instrument] }));
const bounded = (max: number): DecisionRecord['mandate'] => ({
  ...SAMPLE_RECORD.mandate,
  limits: { ...SAMPLE_RECORD.mandate.limits, default: { min: 0, max } },
});

it('every policy passes the sample, with the value it saw, the limit and a reason', () => {
  const { verdicts, verdict: overall } = runPolicies(SAMPLE_RECORD, set(LIMITS));
  expect(overall).toBe('pass');
  expect(verdicts.map(({ policy, verdict: own }) => `${policy} ${own}`)).toEqual(
    POLICIES.map(({ id }) => `${id} pass`),
  );
  for (const { observed, limit, reason } of verdicts) {
    expect([typeof observed, typeof limit, reason.length > 5]).toEqual([
      expect.stringMatching(/number|string/),
      expect.stringMatching(/number|string/),
      true,
    ]);
  }
});

describe('a limit is a limit', () => {
  it.each<[string, string, Partial<DecisionRecord>, PolicyLimits]>([
    ['turnover', 'at', {}, { turnoverMax: 0.1 }],
    ['concentration', 'at', {}, { herfindahlMax: 0.34 }],
    ['risk-budget', 'at', {}, { volatilityRatioMax: 1 }],
    ['drawdown-budget', 'at', {}, { drawdownBudgetUsedMax: 0.4 }],
    ['cvar-limit', 'at', {}, { cvar95Max: 0.02 }],
    ['liquidity', 'at', {}, { daysToTradeMax: 1 }],
    ['stale-data', 'at', {}, { dataAgeDaysMax: 1 }],
    ['stale-model', 'at', {}, { modelAgeDaysMax: 90 }],
    ['regime-uncertainty', 'at', {}, { regimeProbabilityMin: 0.8 }],
    ['certificate', 'at', {}, { primalResidualMax: 1e-9 }],
    ['execution-throttle', 'at', {}, { releasesPerDayMax: 2 }],
    ['pilot-cap', 'at', {}, { pilotTradedValueMax: 20_000_000 }],
    ['stale-holdings', 'at', {}, { holdingsDriftMax: 0.0010000000000000009 }],
    ['weight', 'at', { mandate: bounded(0.5) }, {}],
  ])('%s passes %s the limit', (policy, _at, change, limits) => {
    expect(verdict(policy, change, limits)).toMatchObject({ verdict: 'pass' });
  });

  it.each<[string, RegExp, Partial<DecisionRecord>, PolicyLimits]>([
    ['turnover', /one-way turnover is 0\.0?[19]\d*, allowed is at most 0\.0/, {}, { turnoverMax: 0.0999 }],
    [
      'turnover',
      /at most 0\.05/,
      { mandate: { ...SAMPLE_RECORD.mandate, limits: { ...SAMPLE_RECORD.mandate.limits, maxTurnover: 0.05 } } },
      {},
    ],
    ['concentration', /sum of squared weights is 0.3/, {}, { herfindahlMax: 0.339 }],
    ['risk-budget', /volatility over its target is 1/, {}, { volatilityRatioMax: 0.99 }],
    ['cvar-limit', /value at risk at 95 % under the normal law is 0.02/, {}, { cvar95Max: 0.019 }],
    ['liquidity', /days to trade the change is 1/, {}, { daysToTradeMax: 0.9 }],
    ['stale-data', /age of the prices in days is 1,/, {}, { dataAgeDaysMax: 0.9 }],
    ['stale-model', /age of the model in days is 90/, {}, { modelAgeDaysMax: 89 }],
    [
      'regime-uncertainty',
      /probability of the regime is 0.8, allowed is at least 0.81/,
      {},
      { regimeProbabilityMin: 0.81 },
    ],
    ['certificate', /residual of the constraints/, {}, { primalResidualMax: 1e-10 }],
    ['execution-throttle', /releases in a day is 2/, {}, { releasesPerDayMax: 1 }],
    ['pilot-cap', /value traded by the pilot is 20000000/, {}, { pilotTradedValueMax: 19_999_999 }],
    ['pilot-cap', /in shadow/, { purpose: 'shadow' }, {}],
    ['stale-holdings', /between seen and held weight/, { lines: lines({ EQ: { heldWeight: 0.62 } }) }, {}],
    [
      'restricted-list',
      /EQ is restricted and would be bought/,
      { lines: lines({ EQ: { targetWeight: 0.7 } }) },
      { restricted: ['EQ'] },
    ],
    ['weight', /EQ would weigh 0.5, allowed is 0 to 0.49/, { mandate: bounded(0.49) }, {}],
    ['weight', /EQ would weigh -0.01/, { lines: lines({ EQ: { targetWeight: -0.01 } }) }, {}],
    ['group', /equity would weigh 0.7, allowed is 0.1 to 0.6/, { lines: lines({ EQ: { targetWeight: 0.7 } }) }, {}],
    ['group', /equity would weigh 0.05/, { lines: lines({ EQ: { targetWeight: 0.05 } }) }, {}],
    ['version-homogeneity', /running builds: b1, b2/, { builds: ['b1', 'b2', 'b1'] }, {}],
    ['unit-safety', /weights sum to 1\.[01]/, { lines: lines({ EQ: { targetWeight: 0.6 } }) }, {}],
    [
      'unit-safety',
      /EQ has weight 1.2/,
      { lines: lines({ EQ: { targetWeight: 1.2 }, BOND: { targetWeight: -0.4 } }) },
      {},
    ],
    [
      'unit-safety',
      /BOND has weight -0.4/,
      { lines: lines({ EQ: { targetWeight: 1.2 }, BOND: { targetWeight: -0.4 } }) },
      {},
    ],
    [
      'drawdown-budget',
      /used part of the drawdown budget is 0.95/,
      { drawdownBudgetUsed: 0.95, lines: lines({ CASH: { targetWeight: 0.1 } }) },
      {},
    ],
    ['drawdown-budget', /is 0.95/, { drawdownBudgetUsed: 0.95, lines: SAMPLE_RECORD.lines.slice(0, 2) }, {}],
  ])('%s fails: %s', (policy, reason, change, limits) => {
    const found = verdict(policy, change, limits);
    expect(found).toMatchObject({ verdict: 'fail' });
    expect(found?.reason).toMatch(reason);
    expect(found?.observed).toBeDefined();
    expect(found?.limit).toBeDefined();
  });
});

describe('what is not known fails', () => {
  it.each<[string, DecisionRecord]>([
    ['risk-budget', without('expectedVolatility')],
    ['risk-budget', without('volatilityTarget')],
    ['risk-budget', { ...SAMPLE_RECORD, volatilityTarget: 0 }],
    ['risk-budget', { ...SAMPLE_RECORD, volatilityTarget: -0.08 }],
    ['drawdown-budget', without('drawdownBudgetUsed')],
    ['cvar-limit', without('cvar95')],
    ['liquidity', without('daysToTrade')],
    ['stale-model', without('modelAgeDays')],
    ['stale-data', { ...SAMPLE_RECORD, at: 'never' }],
    ['regime-uncertainty', without('regimeProbability')],
    ['certificate', without('certificate')],
    ['version-homogeneity', { ...SAMPLE_RECORD, builds: [] }],
    ['stale-holdings', { ...SAMPLE_RECORD, lines: lines({ EQ: { heldWeight: undefined } }) }],
    ['group', { ...SAMPLE_RECORD, lines: lines({ BOND: { assetClass: undefined } }) }],
    ['weight', { ...SAMPLE_RECORD, lines: lines({ BOND: { targetWeight: Number.NaN } }) }],
    ['turnover', { ...SAMPLE_RECORD, lines: lines({ BOND: { targetWeight: Number.NaN } }) }],
    ['unit-safety', { ...SAMPLE_RECORD, lines: lines({ BOND: { targetWeight: Number.NaN } }) }],
  ])('%s', (policy, record) => {
    const policyUnderTest = POLICIES.find(({ id }) => id === policy);
    const found = policyUnderTest?.evaluate(record, LIMITS);
    expect(found?.verdict).toBe('fail');
    expect(found?.reason).toMatch(/is not known|NaN/);
  });
});

describe('what does not apply says why', () => {
  it.each<[string, Partial<DecisionRecord>, PolicyLimits, RegExp]>([
    [
      'group',
      { mandate: { ...SAMPLE_RECORD.mandate, limits: { default: { min: 0, max: 1 }, noTradeBand: 0 } } },
      {},
      /bounds no asset class/,
    ],
    ['pilot-cap', { purpose: 'production' }, {}, /in production/],
    [
      'stale-holdings',
      { lines: SAMPLE_RECORD.lines.map(({ heldWeight: _held, ...line }) => line) },
      {},
      /no holdings yet/,
    ],
  ])('%s', (policy, change, limits, reason) => {
    expect(verdict(policy, change, limits)).toMatchObject({
      verdict: 'not-applicable',
      reason: expect.stringMatching(reason) as string,
    });
  });

  it('without limits only what needs none is looked at', () => {
    const applied = runPolicies(SAMPLE_RECORD, set({})).verdicts.filter((found) => found.verdict !== 'not-applicable');
    expect(applied.map(({ policy }) => policy)).toEqual(['weight', 'group', 'unit-safety', 'version-homogeneity']);
    const [other] = runPolicies(SAMPLE_RECORD, set({})).verdicts.filter((found) => found.policy === 'cvar-limit');
    expect(other.reason).toBe('the policy set has no limit for it');
    const restricted = runPolicies(SAMPLE_RECORD, set({})).verdicts.find((found) => found.policy === 'restricted-list');
    expect(restricted?.reason).toBe('the policy set has no restricted list');
  });
});

describe('edges', () => {
  it('an overspent drawdown budget lets a decision through that raises cash, and says so', () => {
    expect(verdict('drawdown-budget', { drawdownBudgetUsed: 0.95 })).toMatchObject({
      verdict: 'pass',
      reason: expect.stringMatching(/it passes because it raises cash/) as string,
    });
  });
  it('a restricted instrument may be sold and kept, not bought', () => {
    expect(verdict('restricted-list', {}, { restricted: ['EQ', 'BOND'] })?.verdict).toBe('pass');
  });
  it('a day ago is not today', () => {
    const releases = ['2024-01-31T00:00:00.000Z', '2024-01-31T00:00:00.001Z'];
    expect(verdict('execution-throttle', { releases })).toMatchObject({ observed: 2 });
  });
  it('only the first three faults are told', () => {
    const many = ['A', 'B', 'C', 'D'].map((instrument) => ({ instrument, previousWeight: 0, targetWeight: 0.9 }));
    expect(verdict('weight', { lines: many })).toMatchObject({
      observed: 4,
      reason:
        'A would weigh 0.9, allowed is 0 to 0.7; B would weigh 0.9, allowed is 0 to 0.7; C would weigh 0.9, allowed is 0 to 0.7',
    });
  });
  it('cash does not count as concentration', () => {
    expect(verdict('concentration')?.observed).toBeCloseTo(0.34, 12);
  });
  it('a value typed where units belong is stopped: 58 million units at 7.66', () => {
    const record = {
      orders: [{ instrument: 'EQ', quantity: 58_000_000, lotSize: 1, price: 7.66 }],
    };
    expect(verdict('unit-safety', record)).toMatchObject({
      verdict: 'fail',
      reason: expect.stringMatching(/orders are worth 444280000/) as string,
    });
  });
  it('orders may round up by a lot each and one percent of assets, and no more', () => {
    const order = { instrument: 'EQ', lotSize: 10, price: 100 };
    const at = (quantity: number) => verdict('unit-safety', { orders: [{ ...order, quantity }] })?.verdict;
    // 2 x 10 % turnover and 1 % of 100 million, and a lot worth 1 000
    expect([at(210_000), at(-210_009), at(210_010), at(210_020), at(-210_020)]).toEqual([
      'pass',
      'pass',
      'pass',
      'fail',
      'fail',
    ]);
  });
});

it('a record is judged again under an older or a newer set, and keeps its hash', () => {
  const today = runPolicies(SAMPLE_RECORD, DEFAULT_POLICY_SET);
  const newer = runPolicies(SAMPLE_RECORD, { ...DEFAULT_POLICY_SET, version: 2, limits: { restricted: ['CASH'] } });
  expect([today.verdict, newer.verdict]).toEqual(['pass', 'fail']);
  expect([today.policySet, newer.policySet]).toEqual(['default@1', 'default@2']);
  expect(newer.recordHash).toBe(today.recordHash);
  expect(runPolicies({ ...SAMPLE_RECORD, builds: ['b2'] }, DEFAULT_POLICY_SET).recordHash).not.toBe(today.recordHash);
});
