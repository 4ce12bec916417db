import { invariant } from '@allostat/kernel';

/** Months that the Sahm indicator reads: an average of three, and the twelve averages before it. */
export const SAHM_MONTHS = 15;
/** Levels that a surprise reads: a growth, and the twelve before it. */
export const SURPRISE_MONTHS = 14;

/**
 * Sahm indicator: the three-month average of the unemployment rate less the lowest of the twelve such averages before it, in percentage
 * points; .5 and above has meant recession (Sahm, 2019). `months` are the 15 rates in order, newest last. A month without a value is left
 * out of its averages; undefined when the newest month has none, or an average has fewer than two.
 */
export function sahmIndicator(months: readonly (number | undefined)[]): number | undefined {
  invariant(months.length === SAHM_MONTHS, () => `months must have ${SAHM_MONTHS} elements, got ${months.length}`);
  if (months[SAHM_MONTHS - 1] === undefined) return undefined;
  const averages = Array.from({ length: SAHM_MONTHS - 2 }, (_, i) => {
    const known = months.slice(i, i + 3).filter((rate) => rate !== undefined);
    return known.length < 2 ? undefined : known.reduce((sum, rate) => sum + rate, 0) / known.length;
  });
  const before = averages.slice(0, -1).filter((average) => average !== undefined);
  const now = averages[averages.length - 1];
  return now === undefined || before.length < SAHM_MONTHS - 3 ? undefined : now - Math.min(...before);
}

/**
 * How far the newest monthly growth of a level stands from the mean of the twelve before it, in their standard deviations (n - 1): what a
 * forecaster who expects the year's mean is surprised by. `levels` are 14 levels of one vintage, newest last; undefined when one is
 * missing or growth did not vary.
 */
export function growthSurprise(levels: readonly (number | undefined)[]): number | undefined {
  invariant(
    levels.length === SURPRISE_MONTHS,
    () => `levels must have ${SURPRISE_MONTHS} elements, got ${levels.length}`,
  );
  const growths: number[] = [];
  for (let i = 1; i < levels.length; i++) {
    const [before, now] = [levels[i - 1], levels[i]];
    if (before === undefined || now === undefined || !(before > 0)) return undefined;
    growths.push(now / before - 1);
  }
  const past = growths.slice(0, -1);
  const mean = past.reduce((sum, growth) => sum + growth, 0) / past.length;
  const variance = past.reduce((sum, growth) => sum + (growth - mean) * (growth - mean), 0) / (past.length - 1);
  return variance > 0 ? (growths[growths.length - 1] - mean) / Math.sqrt(variance) : undefined;
}
