import { atLeast, type Policy } from './policy';

/** The regime that the decision follows is probable enough to act on. */
export const REGIME_UNCERTAINTY_POLICY: Policy = {
  id: 'regime-uncertainty',
  evaluate: ({ regimeProbability }, { regimeProbabilityMin }) =>
    atLeast('regime-uncertainty', {
      observed: regimeProbability,
      limit: regimeProbabilityMin,
      what: 'probability of the regime',
    }),
};
