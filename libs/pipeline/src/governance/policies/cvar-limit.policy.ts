import { atMost, type Policy } from './policy';

/** Expected loss of the worst twentieth of outcomes stays within the limit. */
export const CVAR_LIMIT_POLICY: Policy = {
  id: 'cvar-limit',
  evaluate: ({ cvar95 }, { cvar95Max }) =>
    atMost('cvar-limit', { observed: cvar95, limit: cvar95Max, what: 'conditional value at risk at 95 %' }),
};
