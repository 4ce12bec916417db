import { atMost, type Policy } from './policy';

/** Expected volatility stays within a multiple of the volatility target. */
export const RISK_BUDGET_POLICY: Policy = {
  id: 'risk-budget',
  evaluate({ expectedVolatility, volatilityTarget }, { volatilityRatioMax }) {
    const known = expectedVolatility !== undefined && volatilityTarget !== undefined && volatilityTarget > 0;
    return atMost('risk-budget', {
      observed: known ? expectedVolatility / volatilityTarget : undefined,
      limit: volatilityRatioMax,
      what: 'expected volatility over its target',
    });
  },
};
