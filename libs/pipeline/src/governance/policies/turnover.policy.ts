import { turnoverOfDecision } from './decision-measures';
import { atMost, type Policy } from './policy';

/** Room for rounding of weights to whole steps. */
const ROUNDING = 1e-9;

/** Turnover stays within the set's limit and the mandate's own, whichever is lower. */
export const TURNOVER_POLICY: Policy = {
  id: 'turnover',
  evaluate(record, { turnoverMax }) {
    const limits = [turnoverMax, record.mandate.limits.maxTurnover].filter((limit) => limit !== undefined);
    const limit = limits.length === 0 ? undefined : Math.min(...limits) + ROUNDING;
    return atMost('turnover', { observed: turnoverOfDecision(record), limit, what: 'one-way turnover' });
  },
};
