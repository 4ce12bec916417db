import type { RiskBudgetSet } from '../risk-budgeting/events';
import type { RiskModel } from '../risk-budgeting/risk-model';

/** Covariance of four instruments of the sample universe. */
export const SAMPLE_RISK_MODEL: RiskModel = {
  universeId: 'demo',
  asOf: '2024-01-08',
  assets: ['EQ', 'BOND', 'GOLD', 'CASH'],
  covariance: [0.0324, -0.0009, 0.002, 0, -0.0009, 0.0036, 0.0005, 0, 0.002, 0.0005, 0.0225, 0, 0, 0, 0, 1e-8],
  uncovered: [],
};

/** A budget of the sample mandate in a crisis, with what a test changes. */
export function sampleBudget(change: Partial<RiskBudgetSet> = {}): RiskBudgetSet {
  return {
    type: 'RiskBudgetSet',
    mandateId: 'balanced',
    mandateVersion: 1,
    universeId: 'demo',
    asOf: '2024-01-08',
    bar: 1,
    regime: 'crisis',
    forecast: { expansion: 0.1, tightening: 0.1, crisis: 0.7, recovery: 0.1 },
    volatilityTarget: 0.03,
    drawdown: 0,
    drawdownBudgetUsed: 0,
    causes: [{ step: 'mandate', value: 0.08, reason: 'mandate' }],
    riskModel: 'a'.repeat(64),
    decisionDue: 'schedule',
    prices: ['EQ', 'BOND', 'GOLD', 'CASH'].map((id) => ({ id, close: 100 })),
    holdings: [
      { id: 'BOND', weight: 0.4 },
      { id: 'EQ', weight: 0.6 },
    ],
    ...change,
  };
}
