import type { StressBelief } from '@allostat/quant';
import { NO_REGIMES, type RegimeView } from '../backfill/mandate-policy';

/** Horizon of the forecast that budgets look at. */
export const FORECAST_BARS = 21;

/** Calm and stress, now and `FORECAST_BARS` ahead, in the words of the line, where stress is a crisis. */
export function stressView(probability: number, ahead: number): RegimeView {
  if (Number.isNaN(probability)) return NO_REGIMES;
  const named = (stress: number) => ({ expansion: 1 - stress, tightening: 0, crisis: stress, recovery: 0 });
  return {
    regime: probability > 0.5 ? 'crisis' : 'expansion',
    probabilities: named(probability),
    forecasts: [{ horizonBars: FORECAST_BARS, probabilities: named(ahead) }],
  };
}

export function beliefView(belief: StressBelief | undefined): RegimeView {
  return belief === undefined ? NO_REGIMES : stressView(belief.probability, belief.ahead(FORECAST_BARS));
}
