import { SAMPLE_MANDATE, SAMPLE_UNIVERSE } from '../mandate/sample-mandate';
import { decideOptimization } from '../optimization/decide';
import type { AllocationProposed } from '../optimization/events';
import { SAMPLE_RISK_MODEL, sampleBudget } from '../optimization/sample-budget.fixture';
import { replayProposal, type ProposalSources } from './replay-proposal';

const sources: ProposalSources = {
  mandate: SAMPLE_MANDATE,
  universe: SAMPLE_UNIVERSE,
  riskModel: SAMPLE_RISK_MODEL,
  budget: sampleBudget(),
};
const { budget, riskModel, universe, mandate } = sources;
const [proposed] = decideOptimization({ type: 'BudgetReceived', budget, riskModel, universe }, { mandate })
  .events as AllocationProposed[];

describe('a replay', () => {
  it('comes out bit for bit from its sources', () => {
    expect(replayProposal(proposed, sources)).toEqual({ identical: true, sameDecision: true, difference: [] });
  });

  it('decides the same where an earlier version said less or said it otherwise', () => {
    const weights = proposed.weights.map(({ previousRiskContribution: _added, ...weight }) => weight);
    const earlier = { ...proposed, weights, rationale: ['In other words.', ...proposed.rationale.slice(1)] };
    const { identical, sameDecision, difference } = replayProposal(earlier, sources);
    expect([identical, sameDecision]).toEqual([false, true]);
    expect(difference.map(({ field }) => field)).toContain('rationale.0');
    expect(difference.map(({ field }) => field)).toContain('weights.0.previousRiskContribution');
  });

  it.each([
    ['a weight', { weights: proposed.weights.map((w) => ({ ...w, targetWeight: w.targetWeight + 1e-16 })) }],
    ['the cost', { expectedCost: proposed.expectedCost * 2 }],
    ['a field that it no longer states', { residuals: [{ instrument: 'EQ', weight: 0 }] }],
  ])('decides otherwise with another value of %s', (_name, change) => {
    expect(replayProposal({ ...proposed, ...change }, sources).sameDecision).toBe(false);
  });
});
