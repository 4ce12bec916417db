import type { RiskBudgetSet } from '../risk-budgeting/events';
import type { ProposalFacts } from './events';

const MONTHS_A_YEAR = 12;
/** Density of the standard normal law at its 95 % quantile over 5 %: mean of its worst twentieth, in standard deviations. */
const NORMAL_CVAR_95 = 2.0627128075074256;

/**
 * What policies ask of a proposal beside its weights. The conditional value at risk is that of a month under the normal law
 * with mean zero: a floor under what fat tails give, and comparable between mandates.
 */
export function proposalFacts(budget: RiskBudgetSet, expectedVolatility: number): ProposalFacts {
  const { models = [], regimeProbability, drawdownBudgetUsed } = budget;
  return {
    models,
    ...(regimeProbability !== undefined && { regimeProbability }),
    drawdownBudgetUsed,
    cvar95: (expectedVolatility / Math.sqrt(MONTHS_A_YEAR)) * NORMAL_CVAR_95,
  };
}
