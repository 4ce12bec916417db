import { atMost, type Policy } from './policy';

/** The change can be traded within the allowed number of days. */
export const LIQUIDITY_POLICY: Policy = {
  id: 'liquidity',
  evaluate: ({ daysToTrade }, { daysToTradeMax }) =>
    atMost('liquidity', { observed: daysToTrade, limit: daysToTradeMax, what: 'days to trade the change' }),
};
