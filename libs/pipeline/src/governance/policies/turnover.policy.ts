import { turnoverOfDecision } from './decision-measures';
import { atMost, type Policy } from './policy';

/** Weights are rounded to eight places after the optimizer has met the limit: a hundred of them move it by less. */
const ROUNDING = 1e-6;

/** Turnover stays within the set's limit and the mandate's own, whichever is lower. */
export const TURNOVER_POLICY: Policy = {
  id: 'turnover',
  evaluate(record, { turnoverMax }) {
    const limits = [turnoverMax, record.mandate.limits.maxTurnover].filter((limit) => limit !== undefined);
    const limit = limits.length === 0 ? undefined : Math.min(...limits) + ROUNDING;
    return atMost('turnover', { observed: turnoverOfDecision(record), limit, what: 'one-way turnover' });
  },
};
