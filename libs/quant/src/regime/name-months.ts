import { invariant, halfLifeDecay } from '@allostat/kernel';
import type { FourRegime } from './regime-model';

/** What the monthly rule reads, each known at the end of the month. */
export interface RegimeMonth {
  /** Total return of the equity market, a decimal. */
  readonly return: number;
  /** Yield of BAA less AAA bonds, percentage points. */
  readonly creditSpread: number;
  /** Treasury-bill rate, annual, percentage points. */
  readonly billRate: number;
}

const WINDOW_MONTHS = 240;
const WARM_UP_MONTHS = 66;
const VOLATILITY_HALF_LIFE = 3;
const RECOVERY_MONTHS_MAX = 18;
/** Smallest change of a three-month mean of rates that is not rounding. */
const RATE_TOLERANCE = 1e-9;

/**
 * Names every month by a fixed rule that looks only backwards; undefined for the first 65 months.
 *
 * Stress is the mean of three percentiles within the last 240 months: EW volatility (half-life 3), credit spread, depth of
 * drawdown. Crisis: stress above .80 and (half-year return negative, or spread up by more than .15 in six months); it ends
 * in recovery when stress is below .60, or when the quarter's return is above 5 % and the spread has narrowed in six
 * months. Recovery ends with a drawdown less than 5 %, stress below .35, or after 18 months. Tightening: the six-month
 * change of the three-month mean bill rate is above .50, until it is negative. Else expansion. The thresholds were set
 * once and not tuned; they give about one change a year on US data since 1931.
 */
export function nameMonths(months: readonly RegimeMonth[]): (FourRegime | undefined)[] {
  return traceMonths(months).map((traced) => traced?.name);
}

/** A named month, with what the rule looked at. */
export interface TracedMonth {
  readonly name: FourRegime;
  readonly facts: MonthFacts;
}

/** `nameMonths` with the facts behind each name; uses only months up to each. */
export function traceMonths(months: readonly RegimeMonth[]): (TracedMonth | undefined)[] {
  const volatility = ewVolatility(months.map((month) => month.return));
  const level = accumulate(months.map((month) => month.return));
  let peak = 1;
  const depth = level.map((value) => 1 - value / (peak = Math.max(peak, value)));
  const spread = months.map((month) => month.creditSpread);
  const bill = months.map((_, i) =>
    i < 2 ? undefined : (months[i - 2].billRate + months[i - 1].billRate + months[i].billRate) / 3,
  );
  let regime: FourRegime = 'expansion';
  let since = 0;
  return months.map((_, i) => {
    if (i + 1 < WARM_UP_MONTHS) return undefined;
    const [before, now] = [bill[i - 6], bill[i]];
    invariant(before !== undefined && now !== undefined, 'the warm-up covers the bill-rate change');
    const facts = {
      stress: (rank(volatility, i) + rank(spread, i) + rank(depth, i)) / 3,
      return3m: level[i] / level[i - 3] - 1,
      return6m: level[i] / level[i - 6] - 1,
      spread6m: spread[i] - spread[i - 6],
      bill6m: now - before,
      depth: depth[i],
      since,
    };
    const next = nextRegime(regime, facts);
    since = next === regime ? since + 1 : 0;
    regime = next;
    return { name: regime, facts: { ...facts, since } };
  });
}

/** What the rule reads of a month: shares, decimals and points as in `nameMonths`; `since` counts months in the regime. */
export interface MonthFacts {
  readonly stress: number;
  readonly return3m: number;
  readonly return6m: number;
  readonly spread6m: number;
  readonly bill6m: number;
  readonly depth: number;
  readonly since: number;
}

function nextRegime(regime: FourRegime, f: MonthFacts): FourRegime {
  if (regime === 'crisis') {
    return f.stress < 0.6 || (f.return3m > 0.05 && f.spread6m < 0) ? 'recovery' : 'crisis';
  }
  if (f.stress > 0.8 && (f.return6m < 0 || f.spread6m > 0.15)) return 'crisis';
  if (regime === 'recovery') {
    const over = f.depth < 0.05 || f.stress < 0.35 || f.since >= RECOVERY_MONTHS_MAX;
    if (!over) return 'recovery';
  }
  if (regime === 'tightening') return f.bill6m < -RATE_TOLERANCE ? 'expansion' : 'tightening';
  return f.bill6m > 0.5 ? 'tightening' : 'expansion';
}

/** Share of the last 240 values, this one included, that are at or below it. */
function rank(values: readonly number[], i: number): number {
  const from = Math.max(0, i - WINDOW_MONTHS + 1);
  let below = 0;
  for (let j = from; j <= i; j++) if (values[j] <= values[i]) below++;
  return below / (i - from + 1);
}

function ewVolatility(returns: readonly number[]): number[] {
  const decay = halfLifeDecay(VOLATILITY_HALF_LIFE);
  let sum = 0;
  let weight = 0;
  return returns.map((value) => {
    sum = decay * sum + value * value;
    weight = decay * weight + 1;
    return Math.sqrt(sum / weight);
  });
}

function accumulate(returns: readonly number[]): number[] {
  let level = 1;
  return returns.map((value) => (level *= 1 + value));
}
