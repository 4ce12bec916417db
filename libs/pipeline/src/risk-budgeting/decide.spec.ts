import { deepFreeze } from '@allostat/kernel';
import type { Mandate } from '../mandate/mandate';
import { SAMPLE_MANDATE } from '../mandate/sample-mandate';
import type { AllocationStatusReported } from '../optimization/events';
import type { RegimeAssessed, RegimeName, RegimeProbabilities } from '../regime-detection/events';
import { decideRiskBudget, initialRiskBudgetState, type RiskBudgetInput } from './decide';
import type { RiskBudgetSet } from './events';
import type { RiskModel } from './risk-model';

const MODEL: RiskModel = {
  universeId: 'demo',
  asOf: '2024-01-01',
  assets: ['EQ', 'BOND'],
  covariance: [0.0324, 0, 0, 0.0036],
  uncovered: [],
};
const calm: RegimeProbabilities = { expansion: 1, tightening: 0, crisis: 0, recovery: 0 };

function assessed(
  asOf: string,
  prices: Record<string, number>,
  options: { regime?: RegimeName; forecast?: RegimeProbabilities } = {},
): RegimeAssessed {
  return {
    type: 'RegimeAssessed',
    universeId: 'demo',
    asOf,
    bar: 1,
    regime: options.regime ?? 'expansion',
    probabilities: calm,
    forecasts: [
      { horizonBars: 1, probabilities: calm },
      { horizonBars: 21, probabilities: options.forecast ?? calm },
    ],
    logScore: 0,
    modelVersion: 'm',
    instruments: Object.entries(prices).map(([id, close]) => ({ id, close, staleBars: 0 })),
    coverage: 1,
  };
}

/** Runs inputs one after another; each bar gives the budget that it set. */
function line(mandate: Mandate = SAMPLE_MANDATE) {
  let state = deepFreeze(initialRiskBudgetState());
  const step = (input: RiskBudgetInput): readonly RiskBudgetSet[] => {
    const decision = decideRiskBudget(deepFreeze(input), state);
    state = deepFreeze(decision.state);
    return decision.events;
  };
  step({ type: 'MandateVersioned', mandate });
  return {
    step,
    bar: (...args: Parameters<typeof assessed>): RiskBudgetSet =>
      step({ type: 'BarForMandate', assessed: assessed(...args), riskModel: 'a'.repeat(64), model: MODEL })[0],
  };
}

const done = (asOf: string, change: Partial<AllocationStatusReported> = {}): AllocationStatusReported => ({
  type: 'AllocationStatusReported',
  mandateId: 'balanced',
  instructionId: 'i',
  sequence: 1,
  status: 'done',
  asOf,
  holdings: [
    { instrument: 'EQ', weight: 0.5, price: 100 },
    { instrument: 'BOND', weight: 0.5, price: 100 },
  ],
  ...change,
});

describe('the volatility target', () => {
  it("is the mandate's, scaled by the forecast a month ahead, each step with its cause", () => {
    const budget = line().bar(
      '2024-01-01',
      { EQ: 100, BOND: 100 },
      {
        forecast: { expansion: 0.5, tightening: 0, crisis: 0.5, recovery: 0 },
      },
    );
    expect(budget.volatilityTarget).toBeCloseTo(0.08 * 0.75, 15);
    expect(budget.causes.map(({ step, value }) => [step, value])).toEqual([
      ['mandate', 0.08],
      ['regime', 0.75],
      ['drawdown', 1],
      ['target', 0.06],
    ]);
  });

  it('does not move for less than a twentieth of itself', () => {
    const { bar } = line();
    const first = bar('2024-01-01', { EQ: 100, BOND: 100 });
    const small = bar(
      '2024-01-02',
      { EQ: 100, BOND: 100 },
      {
        forecast: { expansion: 0.95, tightening: 0.05, crisis: 0, recovery: 0 },
      },
    );
    expect(small.volatilityTarget).toBe(first.volatilityTarget);
  });

  it('falls as the drawdown budget is used, to a quarter when nothing is left', () => {
    const { bar } = line();
    bar('2024-01-01', { EQ: 100, BOND: 100 });
    const half = bar('2024-01-02', { EQ: 91.5, BOND: 100 });
    expect(half.drawdown).toBeCloseTo(0.051, 12);
    expect(half.drawdownBudgetUsed).toBeCloseTo(0.51, 12);
    expect(half.volatilityTarget).toBeCloseTo(0.08 * (1 - (0.75 * 0.21) / 0.7), 12);
    expect(half.decisionDue).toBe('drawdown');
    expect(bar('2024-01-03', { EQ: 60, BOND: 100 }).volatilityTarget).toBeCloseTo(0.02, 15);
  });
});

describe('holdings', () => {
  it('are the anchor at first and drift with prices', () => {
    const { bar } = line();
    bar('2024-01-01', { EQ: 100, BOND: 100 });
    const { holdings } = bar('2024-01-02', { EQ: 110, BOND: 100 });
    expect(holdings).toEqual([
      { id: 'BOND', weight: 0.4 / 1.06 },
      { id: 'EQ', weight: 0.66 / 1.06 },
    ]);
  });

  it('become what the order system reports, from the bar it is about, whichever comes first', () => {
    const fill = done('2024-01-02', { realisedCost: 0.004 });
    const before = line();
    before.bar('2024-01-01', { EQ: 100, BOND: 100 });
    before.step(fill);
    const budgetAfterFill = before.bar('2024-01-02', { EQ: 90, BOND: 100 });
    const after = line();
    after.bar('2024-01-01', { EQ: 100, BOND: 100 });
    const budgetBeforeFill = after.bar('2024-01-02', { EQ: 90, BOND: 100 });
    after.step(fill);
    expect(budgetAfterFill).toEqual(budgetBeforeFill);
    const next = { EQ: 120, BOND: 100 };
    expect(after.bar('2024-01-03', next)).toEqual(before.bar('2024-01-03', next));
    expect(before.bar('2024-01-04', next).holdings[0].weight).toBeCloseTo(0.6 / 1.1, 12);
  });

  it('pay the realised cost, which shows as drawdown', () => {
    const { bar, step } = line();
    bar('2024-01-01', { EQ: 100, BOND: 100 });
    step(done('2024-01-01', { realisedCost: 0.002 }));
    expect(bar('2024-01-02', { EQ: 100, BOND: 100 }).drawdown).toBeCloseTo(0.002, 15);
  });

  it('count a fill that is reported late from its price, not with what was held until then', () => {
    const fill = done('2024-01-02');
    const late = line();
    late.bar('2024-01-01', { EQ: 100, BOND: 100 });
    late.bar('2024-01-02', { EQ: 100, BOND: 100 });
    late.bar('2024-01-03', { EQ: 80, BOND: 100 });
    late.bar('2024-01-04', { EQ: 90, BOND: 100 });
    late.step(fill);
    const intime = line();
    intime.bar('2024-01-01', { EQ: 100, BOND: 100 });
    intime.bar('2024-01-02', { EQ: 100, BOND: 100 });
    intime.step(fill);
    intime.bar('2024-01-03', { EQ: 80, BOND: 100 });
    intime.bar('2024-01-04', { EQ: 90, BOND: 100 });
    const next = { EQ: 90, BOND: 101 };
    const [a, b] = [late.bar('2024-01-05', next), intime.bar('2024-01-05', next)];
    expect(a.drawdown).toBeCloseTo(b.drawdown, 12);
    a.holdings.forEach(({ weight }, i) => expect(weight).toBeCloseTo(b.holdings[i].weight, 12));
  });

  it('do not change before the order system is done', () => {
    const { bar, step } = line();
    bar('2024-01-01', { EQ: 100, BOND: 100 });
    step(done('2024-01-01', { status: 'working' }));
    expect(bar('2024-01-02', { EQ: 100, BOND: 100 }).holdings[1]).toEqual({ id: 'EQ', weight: 0.6 });
  });
});

it('asks for a decision on the first bar, on the first bar of a week, and on a change of regime', () => {
  const { bar } = line();
  const prices = { EQ: 100, BOND: 100 };
  expect(
    [
      bar('2024-01-04', prices),
      bar('2024-01-05', prices),
      bar('2024-01-08', prices),
      bar('2024-01-09', prices, { regime: 'crisis' }),
      bar('2024-01-10', prices, { regime: 'crisis' }),
    ].map(({ decisionDue }) => decisionDue),
  ).toEqual(['first-bar', undefined, 'schedule', 'regime-change', undefined]);
});

describe('a mandate with a calendar', () => {
  const calendar = {
    id: 'desk',
    from: '2024-01-01',
    to: '2024-01-31',
    weekend: ['saturday', 'sunday'],
    closed: ['2024-01-08', '2024-01-15'],
  } as const;
  const prices = { EQ: 100, BOND: 100 };

  it('decides on open days alone; what a closed day would have asked for is asked on the next open one', () => {
    const { bar } = line({ ...SAMPLE_MANDATE, calendar });
    expect(
      [
        bar('2024-01-06', prices), // a Saturday
        bar('2024-01-08', prices), // a holiday
        bar('2024-01-09', prices),
        bar('2024-01-12', prices),
        bar('2024-01-15', prices, { regime: 'crisis' }), // a holiday on which a week and a regime begin
        bar('2024-01-16', prices, { regime: 'crisis' }),
        bar('2024-01-17', prices, { regime: 'crisis' }),
      ].map(({ decisionDue }) => decisionDue),
    ).toEqual([undefined, undefined, 'first-bar', undefined, undefined, 'regime-change', undefined]);
  });

  it('learns from the bar of a closed day, and says when its calendar has come to an end', () => {
    const { bar } = line({ ...SAMPLE_MANDATE, calendar });
    bar('2024-01-05', prices);
    const closed = bar('2024-01-08', { EQ: 91.5, BOND: 100 });
    expect(closed.drawdown).toBeCloseTo(0.051, 12);
    expect(closed.decisionDue).toBeUndefined();
    expect(bar('2024-01-09', { EQ: 91.5, BOND: 100 }).decisionDue).toBe('drawdown');
    expect(bar('2024-02-01', prices).causes.at(-1)).toEqual({
      step: 'calendar',
      value: 0,
      reason: 'calendar desk covers 2024-01-01 to 2024-01-31: beyond it only weekends are taken as closed',
    });
  });
});
