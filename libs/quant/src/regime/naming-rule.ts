import type { FourRegime, RegimeFeatures } from './regime-model';

/** Features that the naming rule reads; each may be missing, equity volatility and drawdown excepted. */
export const NAMING_FEATURES = {
  volatility: 'volatility.equity',
  drawdown: 'drawdown.equity',
  return3m: 'return.equity.63d',
  return6m: 'return.equity.126d',
  bond6m: 'return.bond.126d',
  policyChange6m: 'macro.policy-rate.change6m',
  creditChange6m: 'macro.credit-spread.change6m',
} as const;

const RECOVERY_BARS_MAX = 378;
/** Volatilities kept for the running percentile: twenty years. */
const PERCENTILE_BARS = 5040;

/**
 * Names every bar by a fixed rule that looks only backwards; undefined while volatility or drawdown is missing.
 *
 * Stress is the mean of the running percentiles of equity volatility and depth of drawdown. Crisis begins when stress is
 * above .80 with a negative half-year return or a spread that widened by .15 points; it leaves to recovery when stress is
 * below .60, or when the quarter's return is above 5 % and spreads have narrowed. Recovery ends with a drawdown less than
 * 5 %, stress below .35, or after 18 months. Tightening begins when the policy rate rose by more than half a point in six
 * months (bonds lost more than 3 % where no policy rate is known) and ends when that change is negative. Thresholds were
 * set once on US data and are not fitted. Daily form of the monthly rule of the four-regime history 1931-2018.
 */
export function nameByRule(history: readonly RegimeFeatures[]): (FourRegime | undefined)[] {
  const volatilities: number[] = [];
  const depths: number[] = [];
  let regime: FourRegime = 'expansion';
  let since = 0;
  return history.map(({ values }) => {
    const volatility = values[NAMING_FEATURES.volatility];
    const drawdown = values[NAMING_FEATURES.drawdown];
    if (volatility === undefined || drawdown === undefined) return undefined;
    const stress = (rank(volatilities, volatility) + rank(depths, -drawdown)) / 2;
    const next: FourRegime = nextName(regime, since, stress, values);
    since = next === regime ? since + 1 : 0;
    regime = next;
    return regime;
  });
}

/** Adds a value to a window and returns the share of the window at or below it. */
function rank(window: number[], value: number): number {
  window.push(value);
  if (window.length > PERCENTILE_BARS) window.shift();
  let below = 0;
  for (const other of window) if (other <= value) below++;
  return below / window.length;
}

function nextName(regime: FourRegime, since: number, stress: number, values: RegimeFeatures['values']): FourRegime {
  const return3m = values[NAMING_FEATURES.return3m];
  const return6m = values[NAMING_FEATURES.return6m];
  const credit = values[NAMING_FEATURES.creditChange6m];
  const drawdown = values[NAMING_FEATURES.drawdown];
  const stressed =
    stress > 0.8 && ((return6m !== undefined && return6m < 0) || (credit !== undefined && credit > 0.15));
  if (regime === 'crisis') {
    const rebound = return3m !== undefined && return3m > 0.05 && (credit === undefined || credit < 0);
    return stress < 0.6 || rebound ? 'recovery' : 'crisis';
  }
  if (stressed) return 'crisis';
  if (regime === 'recovery' && drawdown <= -0.05 && stress >= 0.35 && since < RECOVERY_BARS_MAX) return 'recovery';
  const tight = tightness(values);
  if (tight === undefined) return 'expansion';
  if (regime === 'tightening') return tight < 0 ? 'expansion' : 'tightening';
  return tight > 0.5 ? 'tightening' : 'expansion';
}

/** Half-year change of the policy rate in points; where unknown, the bond loss of the half-year scaled to the same limit. */
function tightness(values: RegimeFeatures['values']): number | undefined {
  const policy = values[NAMING_FEATURES.policyChange6m];
  if (policy !== undefined) return policy;
  const bonds = values[NAMING_FEATURES.bond6m];
  return bonds === undefined ? undefined : (-bonds * 0.5) / 0.03;
}
