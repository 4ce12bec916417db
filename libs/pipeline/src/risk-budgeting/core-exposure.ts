import { applyHysteresis, startHysteresis, type HysteresisState } from '@allostat/quant';
import type { Construction, Mandate } from '../mandate/mandate';
import type { RegimeAssessed } from '../regime-detection/events';
import type { CoreVolatility } from './core-weights';
import type { BudgetCause, CoreExposure } from './events';
import { drawdownScale } from './volatility-target';

/** When stress begins and ends: probable, not likely, and for three bars. */
const STRESS_HYSTERESIS = { enter: 0.9, leave: 0.1, confirmBars: 3, dwellBars: 1 };

/** Position of stress among the two states of the hysteresis. */
const STRESSED = 1;

/** Carries the answer to "is this stress?" forward by one bar, from the filtered probability of a crisis. */
export function stepStress(before: HysteresisState | undefined, { probabilities }: RegimeAssessed): HysteresisState {
  const pair = [1 - probabilities.crisis, probabilities.crisis];
  return before === undefined ? startHysteresis(pair) : applyHysteresis(before, pair, STRESS_HYSTERESIS);
}

export interface ExposureFacts {
  readonly volatility: CoreVolatility | undefined;
  /** Loss from the peak so far, >= 0. */
  readonly drawdown: number;
  readonly stress: HysteresisState;
}

export interface ExposureDecision extends CoreExposure {
  /** Loss from the peak that the mandate accepts, as a fraction of value. */
  readonly drawdownBudget: number;
  readonly causes: readonly BudgetCause[];
}

/**
 * Share of value that goes into the core: what the volatility target allows, times what the drawdown budget and the regime
 * leave of it. Never more than 1.
 */
export function coreExposure(
  mandate: Mandate & { readonly construction: Construction },
  { volatility, drawdown, stress }: ExposureFacts,
): ExposureDecision {
  const { volatilityShare, drawdownControl, drawdownMultiple, regimeCut } = mandate.construction;
  const { volatilityTarget, drawdownBudget: agreed } = mandate.risk;
  const target =
    volatility === undefined || volatilityShare === undefined ? volatilityTarget : volatilityShare * volatility.longRun;
  const byVolatility = volatility === undefined ? 1 : Math.min(1, target / volatility.forecast);
  const drawdownBudget =
    volatility === undefined || drawdownMultiple === undefined ? agreed : drawdownMultiple * volatility.longRun;
  const byDrawdown = drawdownControl ? drawdownScale(drawdown / drawdownBudget) : 1;
  const stressed = stress.current === STRESSED;
  const byRegime = stressed && regimeCut !== undefined ? regimeCut : 1;
  const exposure = byVolatility * byDrawdown * byRegime;
  const whence =
    volatilityShare === undefined
      ? 'of the mandate'
      : `${percent(volatilityShare)} of the long-run volatility of the core`;
  return {
    exposure,
    volatility: byVolatility,
    drawdown: byDrawdown,
    regime: byRegime,
    drawdownBudget,
    causes: [
      {
        step: 'volatility',
        value: byVolatility,
        reason:
          volatility === undefined
            ? 'too little history to forecast the volatility of the core: nothing is cut'
            : `target ${percent(target)}, ${whence}; the core is forecast to run at ${percent(volatility.forecast)}`,
      },
      {
        step: 'drawdown',
        value: byDrawdown,
        reason: drawdownControl
          ? `${percent(drawdown / drawdownBudget)} of the drawdown budget of ${percent(drawdownBudget)} is used`
          : 'the mandate does not act on drawdown',
      },
      {
        step: 'regime',
        value: byRegime,
        reason:
          regimeCut === undefined
            ? 'the mandate does not act on regimes'
            : stressed
              ? 'a crisis has been probable for three bars and is not over'
              : 'no crisis',
      },
      { step: 'exposure', value: exposure, reason: 'volatility x drawdown x regime' },
    ],
  };
}

function percent(value: number): string {
  return `${(100 * value).toFixed(1)} %`;
}
