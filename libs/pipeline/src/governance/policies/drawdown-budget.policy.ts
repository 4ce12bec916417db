import { atMost, type Policy } from './policy';

/** Once the drawdown budget is used up, a decision may only take risk off: cash does not fall. */
export const DRAWDOWN_BUDGET_POLICY: Policy = {
  id: 'drawdown-budget',
  evaluate({ drawdownBudgetUsed, lines, mandate }, { drawdownBudgetUsedMax }) {
    const verdict = atMost('drawdown-budget', {
      observed: drawdownBudgetUsed,
      limit: drawdownBudgetUsedMax,
      what: 'the used part of the drawdown budget',
    });
    const cash = lines.find(({ instrument }) => instrument === mandate.cashInstrument);
    const takesRiskOff = cash !== undefined && cash.targetWeight > cash.previousWeight;
    if (verdict.verdict !== 'fail' || verdict.observed === undefined || !takesRiskOff) return verdict;
    return { ...verdict, verdict: 'pass', reason: `${verdict.reason}; it passes because it raises cash` };
  },
};
