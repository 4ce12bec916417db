import type { RiskBudgetSet } from '../risk-budgeting/events';
import { coreTail } from '../risk-budgeting/regime-risk';
import type { RiskModel } from '../risk-budgeting/risk-model';
import type { ProposalFacts } from './events';

const MONTHS_A_YEAR = 12;
const BARS_A_MONTH = 21;
const CONFIDENCE = 0.95;
/** Density of the standard normal law at its 95 % quantile over 5 %: mean of its worst twentieth, in standard deviations. */
const NORMAL_CVAR_95 = 2.0627128075074256;

/** What policies ask of a proposal beside its weights. */
export function proposalFacts(
  budget: RiskBudgetSet,
  weights: ReadonlyMap<string, number>,
  { model, volatility }: { readonly model: RiskModel; readonly volatility: number },
): ProposalFacts {
  const { models = [], regimeProbability, drawdownBudgetUsed } = budget;
  return {
    models,
    ...(regimeProbability !== undefined && { regimeProbability }),
    drawdownBudgetUsed,
    ...monthlyCvar(budget, weights, { model, volatility }),
  };
}

/**
 * Mean loss of the worst twentieth of months. With a year of scenarios of all that is held, from them under the regimes that
 * are forecast: that of a bar times the root of the bars a month has. Else under the normal law with mean zero: a floor under
 * what fat tails give. A tail that gains is a loss of zero.
 */
function monthlyCvar(
  { forecast }: Pick<RiskBudgetSet, 'forecast'>,
  weights: ReadonlyMap<string, number>,
  { model, volatility }: { readonly model: RiskModel; readonly volatility: number },
): Pick<ProposalFacts, 'cvar95' | 'cvar95FromScenarios'> {
  const held = model.assets.flatMap((id) => {
    const weight = weights.get(id);
    return weight === undefined || weight === 0 ? [] : [{ id, weight }];
  });
  if (model.regimes !== undefined && held.length > 0) {
    const ofBar = coreTail(held, model, { forecast, confidence: CONFIDENCE });
    if (ofBar !== undefined) {
      return { cvar95: Math.max(0, ofBar) * Math.sqrt(BARS_A_MONTH), cvar95FromScenarios: true };
    }
  }
  return { cvar95: (volatility / Math.sqrt(MONTHS_A_YEAR)) * NORMAL_CVAR_95 };
}
