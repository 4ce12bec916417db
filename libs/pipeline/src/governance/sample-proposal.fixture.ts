import type { AllocationProposed } from '../optimization/events';

/** A well-formed proposal of the sample mandate, with what a test changes. */
export function sampleProposal(change: Partial<AllocationProposed> = {}): AllocationProposed {
  return {
    type: 'AllocationProposed',
    proposalId: 'p-1',
    mandateId: 'balanced',
    mandateVersion: 1,
    asOf: '2024-01-31',
    trigger: 'schedule',
    regime: 'expansion',
    weights: [
      { instrument: 'EQ', previousWeight: 0.6, targetWeight: 0.55, cost: 0 },
      { instrument: 'BOND', previousWeight: 0.4, targetWeight: 0.45, cost: 0 },
    ],
    expectedVolatility: 0.08,
    volatilityTarget: 0.08,
    turnover: 0.05,
    expectedCost: 0,
    certificate: { method: 'hrp', status: 'feasible', primalResidual: 0, iterations: 1 },
    rationale: [],
    inputs: { riskModel: 'a', budget: 'b', holdings: 'c', mandate: 'd' },
    prices: [
      { id: 'EQ', close: 100 },
      { id: 'BOND', close: 50 },
    ],
    ...change,
  };
}
