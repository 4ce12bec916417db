import type { IsoDate } from '@allostat/kernel';
import type { Construction, Mandate } from '../mandate/mandate';
import type { DecisionTrigger } from './events';

const DAY_MS = 86_400_000;

/** Number of the week, month or quarter that a date lies in; two dates in one period have one number. */
export function periodOf(date: IsoDate, every: Mandate['rebalance']['every']): number {
  const [year, month] = date.split('-').map(Number);
  switch (every) {
    case 'week':
      return Math.floor((Date.parse(date) / DAY_MS + 3) / 7); // 1970-01-01 was a Thursday; weeks start on Monday
    case 'month':
      return year * 12 + month - 1;
    case 'quarter':
      return Math.floor((year * 12 + month - 1) / 3);
  }
}

export interface DecisionHistory {
  /** Bar before this one, if there was one. */
  readonly previousDate?: IsoDate;
  readonly previousRegime?: string;
  /** Part of the drawdown budget used at the previous bar. */
  readonly previousBudgetUsed?: number;
}

/** Parts of the drawdown budget whose first use asks for a decision at once. */
const DRAWDOWN_STEPS = [0.5, 0.75, 1];

/** Why a decision is due on this bar; undefined when none is. */
export function decisionDue(
  mandate: Mandate,
  history: DecisionHistory,
  bar: { readonly asOf: IsoDate; readonly regime: string; readonly budgetUsed: number },
): DecisionTrigger | undefined {
  if (history.previousDate === undefined) return 'first-bar';
  if (mandate.rebalance.onRegimeChange && history.previousRegime !== bar.regime) return 'regime-change';
  const before = history.previousBudgetUsed;
  if (before !== undefined && DRAWDOWN_STEPS.some((step) => before < step && bar.budgetUsed >= step)) return 'drawdown';
  const { every } = mandate.rebalance;
  return periodOf(history.previousDate, every) !== periodOf(bar.asOf, every) ? 'schedule' : undefined;
}

/** Why a decision is due for a mandate with a construction: the calendar, the regime, or an exposure that has moved by its band. */
export function exposureDue(
  { construction, rebalance }: Mandate & { readonly construction: Construction },
  history: DecisionHistory & { readonly previousExposure?: number },
  bar: { readonly asOf: IsoDate; readonly regime: string },
  exposure: number,
): DecisionTrigger | undefined {
  const { previousDate, previousExposure } = history;
  if (previousDate === undefined || previousExposure === undefined) return 'first-bar';
  if (rebalance.onRegimeChange && history.previousRegime !== bar.regime) return 'regime-change';
  if (periodOf(previousDate, rebalance.every) !== periodOf(bar.asOf, rebalance.every)) return 'schedule';
  return Math.abs(exposure / previousExposure - 1) > construction.band ? 'exposure' : undefined;
}
