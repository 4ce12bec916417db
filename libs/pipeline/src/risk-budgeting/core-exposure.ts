import { applyHysteresis, startHysteresis, type HysteresisState } from '@allostat/quant';
import type { Construction, Mandate, TailBudget } from '../mandate/mandate';
import type { RegimeAssessed } from '../regime-detection/events';
import type { CoreVolatility } from './core-weights';
import type { BudgetCause, CoreExposure } from './events';
import { preservationCap, type HorizonStart } from './preservation-floor';
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
  /** Conditional value at risk of the core over one bar, at the confidence given; `undefined` with too few scenarios. */
  readonly tailOf?: (confidence: number) => number | undefined;
  /** With a floor: value now, and where its horizon began. */
  readonly horizon?: HorizonStart & { readonly value: number; readonly bar: number };
  /** Exposure at the last decision. */
  readonly previousExposure?: number;
}

export interface ExposureDecision extends CoreExposure {
  /** Loss from the peak that the mandate accepts, as a fraction of value. */
  readonly drawdownBudget: number;
  readonly causes: readonly BudgetCause[];
}

/**
 * Share of value that goes into the core: what the volatility target allows, times what the drawdown budget and the regime
 * leave of it, capped by the tail budget and by the floor where the mandate has them. Never more than 1.
 */
export function coreExposure(
  mandate: Mandate & { readonly construction: Construction },
  facts: ExposureFacts,
): ExposureDecision {
  const { volatility, drawdown, stress } = facts;
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
  const product = byVolatility * byDrawdown * byRegime;
  const { exposure, factors, causes: capped } = cappedExposure(mandate, product, facts);
  const whence =
    volatilityShare === undefined
      ? 'of the mandate'
      : `${percent(volatilityShare)} of the long-run volatility of the core`;
  return {
    exposure,
    volatility: byVolatility,
    drawdown: byDrawdown,
    regime: byRegime,
    ...factors,
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
      ...capped,
      {
        step: 'exposure',
        value: exposure,
        reason: ['volatility', 'drawdown', 'regime', ...capped.map(({ step }) => step)].join(' x '),
      },
    ],
  };
}

interface CappedExposure {
  readonly exposure: number;
  readonly factors: Pick<CoreExposure, 'tail' | 'preservation' | 'step'>;
  readonly causes: readonly BudgetCause[];
}

/** What the tail budget, the floor and the least step make of an exposure. */
function cappedExposure(
  { risk: { tailBudget, preservation }, construction: { stepMin } }: Mandate & { readonly construction: Construction },
  before: number,
  { tailOf, horizon, previousExposure }: ExposureFacts,
): CappedExposure {
  let exposure = before;
  const factors: { tail?: number; preservation?: number; step?: number } = {};
  const causes: BudgetCause[] = [];
  const cap = (step: 'tail' | 'preservation', most: number | undefined, reason: string): void => {
    const value = most === undefined || most >= exposure ? 1 : most / exposure;
    exposure *= value;
    factors[step] = value;
    causes.push({ step, value, reason });
  };
  if (tailBudget !== undefined) {
    const loss = tailOf?.(tailBudget.confidence);
    const most = loss === undefined || loss <= 0 ? undefined : tailBudget.cvar / loss;
    cap('tail', most, tailReason(tailBudget, loss));
  }
  if (preservation !== undefined && horizon !== undefined) {
    const { most, reason } = preservationCap(preservation, horizon, tailOf?.(preservation.confidence));
    cap('preservation', most, reason);
  }
  if (stepMin !== undefined && exposure > 0) {
    const kept =
      previousExposure !== undefined && previousExposure > 0 && Math.abs(exposure / previousExposure - 1) < stepMin;
    const value = kept ? previousExposure / exposure : 1;
    factors.step = value;
    causes.push({
      step: 'step',
      value,
      reason: kept
        ? `kept at ${percent(previousExposure)}: ${percent(exposure)} differs by less than ${percent(stepMin)} of it`
        : `the change is at least ${percent(stepMin)} of the exposure, or the first`,
    });
    exposure *= value;
  }
  return { exposure, factors, causes };
}

function tailReason({ cvar, confidence }: TailBudget, loss: number | undefined): string {
  return loss === undefined
    ? 'fewer than a year of scenarios for the core: nothing is cut'
    : `tail budget ${percent2(cvar)} of value in one bar; the worst ${percent(1 - confidence)} of scenarios under the regime forecast cost the core ${percent2(loss)}`;
}

function percent2(value: number): string {
  return `${(100 * value).toFixed(2)} %`;
}

function percent(value: number): string {
  return `${(100 * value).toFixed(1)} %`;
}
