import { invariant, type IsoDate } from '@allostat/kernel';
import { REGIME_NAMES, type RegimeName } from './events';

const BARS_PER_YEAR = 252;
const TOLERANCE_BARS = 5;

/** How well named regimes met the true ones. */
export interface TruthScore {
  /** Median of the bars from a true change to the first bar that names the new regime; absent without a change found. */
  readonly delayDaysMedian?: number;
  /** Changes of name to a regime that was not true within five bars either way, a year. */
  readonly falseAlarmsPerYear: number;
  /** Mean of the shares of each true regime's bars that were named right. */
  readonly balancedAccuracy: number;
  readonly switchesPerYear: number;
  readonly trueSwitchesPerYear: number;
  /** True spells that were never named right. */
  readonly missed: number;
}

/** Compares the assessed names with the true path on the days that both have. */
export function scoreAgainstTruth(
  assessed: readonly { readonly asOf: IsoDate; readonly regime: RegimeName }[],
  truth: { readonly dates: readonly IsoDate[]; readonly regimes: readonly RegimeName[] },
): TruthScore {
  const trueOn = new Map(truth.dates.map((date, i) => [date, truth.regimes[i]]));
  const pairs = assessed.flatMap(({ asOf, regime }) => {
    const real = trueOn.get(asOf);
    return real === undefined ? [] : [{ named: regime, real }];
  });
  invariant(pairs.length > 0, 'no assessed day has a true regime');
  const years = pairs.length / BARS_PER_YEAR;
  const delays: number[] = [];
  let missed = 0;
  let falseAlarms = 0;
  let switches = 0;
  let trueSwitches = 0;
  for (let i = 1; i < pairs.length; i++) {
    if (pairs[i].real !== pairs[i - 1].real) {
      trueSwitches++;
      let at = i;
      while (at < pairs.length && pairs[at].real === pairs[i].real && pairs[at].named !== pairs[i].real) at++;
      if (at < pairs.length && pairs[at].real === pairs[i].real) delays.push(at - i);
      else if (at < pairs.length) missed++;
    }
    if (pairs[i].named !== pairs[i - 1].named) {
      switches++;
      const near = pairs.slice(Math.max(0, i - TOLERANCE_BARS), i + TOLERANCE_BARS + 1);
      if (!near.some((pair) => pair.real === pairs[i].named)) falseAlarms++;
    }
  }
  return {
    ...(delays.length === 0 ? {} : { delayDaysMedian: median(delays) }),
    falseAlarmsPerYear: falseAlarms / years,
    balancedAccuracy: balancedAccuracy(pairs),
    switchesPerYear: switches / years,
    trueSwitchesPerYear: trueSwitches / years,
    missed,
  };
}

function balancedAccuracy(pairs: readonly { named: RegimeName; real: RegimeName }[]): number {
  const recalls = REGIME_NAMES.flatMap((name) => {
    const own = pairs.filter((pair) => pair.real === name);
    return own.length === 0 ? [] : [own.filter((pair) => pair.named === name).length / own.length];
  });
  return recalls.reduce((sum, recall) => sum + recall, 0) / recalls.length;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)] : (sorted[middle - 1] + sorted[middle]) / 2;
}
