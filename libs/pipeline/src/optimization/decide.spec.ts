import { deepFreeze } from '@allostat/kernel';
import { portfolioVolatility } from '@allostat/quant';
import type { Mandate } from '../mandate/mandate';
import { SAMPLE_MANDATE, SAMPLE_UNIVERSE } from '../mandate/sample-mandate';
import type { RiskBudgetSet } from '../risk-budgeting/events';
import { decideOptimization, initialOptimizationState, type OptimizationOutput } from './decide';
import type { AllocationProposed } from './events';
import { SAMPLE_RISK_MODEL as model, sampleBudget as budget } from './sample-budget.fixture';

function decide(change: Partial<RiskBudgetSet> = {}, limits: Partial<Mandate['limits']> = {}): OptimizationOutput[] {
  const mandate = { ...SAMPLE_MANDATE, limits: { ...SAMPLE_MANDATE.limits, ...limits } };
  const { state } = decideOptimization({ type: 'MandateVersioned', mandate }, initialOptimizationState());
  const input = {
    type: 'BudgetReceived',
    budget: budget(change),
    riskModel: model,
    universe: SAMPLE_UNIVERSE,
  } as const;
  return [...decideOptimization(deepFreeze(input), deepFreeze(state)).events];
}

function proposed(...args: Parameters<typeof decide>): AllocationProposed {
  const [event] = decide(...args);
  if (event.type !== 'AllocationProposed') throw new Error(`${event.type} instead of a proposal`);
  return event;
}

const weightsOf = (proposal: AllocationProposed) =>
  new Map(proposal.weights.map(({ instrument, targetWeight }) => [instrument, targetWeight]));

describe('a proposal', () => {
  it('meets the volatility target with the rest in cash, and its weights sum to one', () => {
    const proposal = proposed();
    const weights = weightsOf(proposal);
    const covariance = { assets: model.assets, values: Float64Array.from(model.covariance) };
    const volatility = portfolioVolatility(
      [...model.assets].map((id) => weights.get(id)!),
      covariance,
    );
    expect(volatility).toBeCloseTo(0.03, 7);
    expect(proposal.expectedVolatility).toBe(volatility);
    expect(weights.get('CASH')).toBeGreaterThan(0.1);
    expect([...weights.values()].reduce((sum, w) => sum + Math.round(w * 1e8), 0)).toBe(1e8);
    expect(proposal.weights.reduce((sum, w) => sum + w.riskContribution!, 0)).toBeCloseTo(1, 12);
    expect(proposal.weights.reduce((sum, w) => sum + w.previousRiskContribution!, 0)).toBeCloseTo(1, 12);
  });

  it('states turnover and cost from what is held: instruments pay their own rate', () => {
    const proposal = proposed();
    const weights = weightsOf(proposal);
    const cost =
      Math.abs(weights.get('EQ')! - 0.6) * 10e-4 +
      Math.abs(weights.get('BOND')! - 0.4) * 2e-4 +
      weights.get('GOLD')! * 10e-4;
    expect(proposal.expectedCost).toBeCloseTo(cost, 15);
    const bought = proposal.weights.reduce((sum, w) => sum + Math.max(0, w.targetWeight - w.previousWeight), 0);
    expect(proposal.turnover).toBeCloseTo(bought, 12);
  });

  it('stays within instrument and group limits', () => {
    const weights = weightsOf(
      proposed(
        { volatilityTarget: 1 },
        { byInstrument: { BOND: { min: 0, max: 0.3 } }, byAssetClass: { equity: { min: 0.5, max: 0.6 } } },
      ),
    );
    expect(weights.get('BOND')).toBeLessThanOrEqual(0.3 + 1e-9);
    expect(weights.get('EQ')).toBeGreaterThanOrEqual(0.5 - 1e-9);
    expect(weights.get('CASH')).toBe(0);
  });

  it('moves no further than the turnover cap allows', () => {
    const full = proposed().turnover;
    expect(proposed({}, { maxTurnover: full / 2 }).turnover).toBeCloseTo(full / 2, 7);
  });

  it('has the same id and content for the same inputs', () => {
    expect(proposed()).toEqual(proposed());
    expect(proposed({ volatilityTarget: 0.031 }).proposalId).not.toBe(proposed().proposalId);
  });
});

it('says nothing when no decision is due', () => {
  const { decisionDue: _due, ...quiet } = budget();
  const input = { type: 'BudgetReceived', budget: quiet, riskModel: model, universe: SAMPLE_UNIVERSE } as const;
  expect(decideOptimization(input, { mandate: SAMPLE_MANDATE }).events).toEqual([]);
});

it('leaves the portfolio alone inside the no-trade band', () => {
  const target = weightsOf(proposed());
  const holdings = [...target].map(([id, weight]) => ({ id, weight }));
  expect(decide({ holdings })[0]).toMatchObject({ type: 'AllocationUnchanged', noTradeBand: 0.01 });
});

describe('limits that exclude each other', () => {
  it('are named with the least relaxation that works', () => {
    const limits = { default: { min: 0, max: 0.3 }, byInstrument: { EQ: { min: 0, max: 0.2 } } };
    const [event] = decide({}, limits);
    if (event.type !== 'AllocationInfeasible') throw new Error(event.type);
    expect(event.conflict.length).toBeGreaterThan(0);
    expect(event.relaxation.reduce((sum, { by }) => sum + by, 0)).toBeGreaterThan(0);
  });

  it('include a turnover cap that cannot reach the bounds', () => {
    const [event] = decide({}, { maxTurnover: 0.02, byInstrument: { EQ: { min: 0, max: 0.3 } } });
    expect(event).toMatchObject({
      type: 'AllocationInfeasible',
      conflict: ['maximum turnover', 'maximum weight of EQ'],
      relaxation: [{ limit: 'maximum turnover' }],
    });
  });
});
