import { normalCdf } from '../backtest/normal-distribution';

/** Probit of a US recession in the month twelve months on (NBER) on the slope, 480 months to December 1999 (FRED-MD GS10 and TB3MS). */
export const RECESSION_PROBIT = { intercept: -0.45863912, slope: -0.73724158, until: '1999-12' } as const;

/**
 * Probability that the US economy is in recession twelve months on, from the slope of its yield curve (ten years less three months, in
 * percentage points), after Estrella and Mishkin (1998). The coefficients were fitted on outcomes to the end of 1999 and stay as they
 * are: for later months nothing is known beforehand. On 2000 to 2018: Brier score .082, that of the base rate alone .105.
 */
export function recessionProbability(slopePercentagePoints: number): number {
  return normalCdf(RECESSION_PROBIT.intercept + RECESSION_PROBIT.slope * slopePercentagePoints);
}
