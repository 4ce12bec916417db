import { atMost, type Policy } from './policy';

/** Expected loss of the worst twentieth of outcomes stays within the limit. */
export const CVAR_LIMIT_POLICY: Policy = {
  id: 'cvar-limit',
  evaluate({ cvar95, cvar95FromScenarios }, { cvar95Max }) {
    const law = cvar95FromScenarios === true ? "of the risk model's scenarios" : 'under the normal law';
    return atMost('cvar-limit', {
      observed: cvar95,
      limit: cvar95Max,
      what: `conditional value at risk at 95 % ${law}`,
    });
  },
};
