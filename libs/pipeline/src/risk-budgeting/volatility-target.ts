import type { Mandate } from '../mandate/mandate';
import { REGIME_NAMES, type RegimeAssessed, type RegimeProbabilities } from '../regime-detection/events';
import type { BudgetCause } from './events';

/** The forecast that drives the budget looks about a month ahead. */
export const HORIZON_BARS = 21;

/** Use of the drawdown budget from which risk is cut, and what is left of it when the budget is used up. */
const CUT_FROM = 0.3;
const CUT_FLOOR = 0.25;

/** A new target must differ by this share of the old one, so that the budget does not churn. */
const MIN_STEP = 0.05;

export interface VolatilityTarget {
  readonly target: number;
  readonly forecast: RegimeProbabilities;
  readonly causes: readonly BudgetCause[];
}

/** Annualised volatility target: the mandate's, scaled by the regime forecast and by the drawdown budget already used. */
export function volatilityTarget(
  mandate: Mandate,
  assessed: RegimeAssessed,
  budgetUsed: number,
  previousTarget: number | undefined,
): VolatilityTarget {
  const forecast = forecastAt(assessed, HORIZON_BARS);
  const { regimeScale, volatilityTarget: base } = mandate.risk;
  const regime = REGIME_NAMES.reduce((sum, name) => sum + forecast[name] * regimeScale[name], 0);
  const drawdown = drawdownScale(budgetUsed);
  const wanted = base * regime * drawdown;
  const kept = previousTarget !== undefined && Math.abs(wanted - previousTarget) < MIN_STEP * previousTarget;
  const target = kept ? previousTarget : wanted;
  return {
    target,
    forecast,
    causes: [
      { step: 'mandate', value: base, reason: 'annual volatility target of the mandate' },
      { step: 'regime', value: regime, reason: `scale of each regime, weighted by its forecast probability` },
      { step: 'drawdown', value: drawdown, reason: `${percent(budgetUsed)} of the drawdown budget is used` },
      {
        step: 'target',
        value: target,
        reason: kept
          ? `kept: the change to ${percent(wanted)} is smaller than ${percent(MIN_STEP)} of the target`
          : 'mandate x regime x drawdown',
      },
    ],
  };
}

/** 1 while little of the budget is used, falling in a line to the floor at full use. */
export function drawdownScale(budgetUsed: number): number {
  if (budgetUsed <= CUT_FROM) return 1;
  if (budgetUsed >= 1) return CUT_FLOOR;
  return 1 - ((1 - CUT_FLOOR) * (budgetUsed - CUT_FROM)) / (1 - CUT_FROM);
}

/** Use of the drawdown budget at which the scale is this; `undefined` for a scale that it never has or has along a range. */
export function usedAt(scale: number): number | undefined {
  if (!(scale > CUT_FLOOR && scale < 1)) return undefined;
  return CUT_FROM + ((1 - scale) * (1 - CUT_FROM)) / (1 - CUT_FLOOR);
}

/** Probabilities at the horizon nearest to `bars`; those of today when the assessment has no forecast. */
export function forecastAt(assessed: RegimeAssessed, bars: number): RegimeProbabilities {
  let best: { distance: number; probabilities: RegimeProbabilities } | undefined;
  for (const { horizonBars, probabilities } of assessed.forecasts) {
    const distance = Math.abs(horizonBars - bars);
    if (!best || distance < best.distance) best = { distance, probabilities };
  }
  return best?.probabilities ?? assessed.probabilities;
}

function percent(value: number): string {
  return `${(100 * value).toFixed(1)} %`;
}
