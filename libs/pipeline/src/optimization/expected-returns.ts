import { blackLitterman, equilibriumReturns, type AssetMatrix, type View } from '@allostat/quant';
import type { Views } from '../mandate/mandate';
import type { FusedPart } from '../regime-detection/events';

/** Uncertainty of the prior mean against one view: a year of months. */
const TAU = 1 / 12;

export interface ReturnFacts {
  /** Covariance until the next regular decision. */
  readonly covariance: AssetMatrix;
  /** Weights that are optimal without signals, in the order of the covariance. */
  readonly core: Float64Array;
  /** Trend of each asset in -1..1, in the same order. */
  readonly trend: readonly number[];
  /** The asset that the fused signals speak of, and their parts; absent when there are none. */
  readonly fused?: { readonly proxy: string; readonly parts: readonly FusedPart[] };
}

/** Expected returns and what each signal gave to them; the prior and the parts sum to the whole. */
export interface SignalReturns {
  readonly expected: Float64Array;
  readonly prior: Float64Array;
  readonly parts: readonly { readonly signal: string; readonly change: Float64Array }[];
}

/**
 * Expected returns until the next regular decision. The prior is what makes the core optimal (riskAversion x S w); each asset's trend and
 * the fused signals on the equity proxy are views worth information coefficient x volatility x signal (Grinold, 1994), trusted as far
 * as `confidence` (Idzorek, 2005) in the posterior of Black and Litterman (1992). Views move every asset by its covariance.
 */
export function signalReturns(
  { riskAversion, informationCoefficient, confidence }: Views,
  { covariance, core, trend, fused }: ReturnFacts,
): SignalReturns {
  const { assets, values } = covariance;
  const n = assets.length;
  const prior = equilibriumReturns(covariance, { weights: core, riskAversion });
  const volatility = (i: number): number => Math.sqrt(values[i * n + i]);
  const at = fused === undefined ? -1 : assets.indexOf(fused.proxy);
  const viewed = [...assets.keys()].filter((i) => volatility(i) > 0);
  const view = (i: number, signal: number): View => ({
    weights: { [assets[i]]: 1 },
    expected: prior[i] + informationCoefficient * volatility(i) * signal,
    confidence,
  });
  // the posterior is linear in the signals: with all others at zero, what is left over the prior is the part of one
  const moved = (ofTrend: (i: number) => number, ofFused: number): Float64Array => {
    const views = viewed.map((i) => view(i, ofTrend(i)));
    if (at >= 0 && volatility(at) > 0) views.push(view(at, ofFused));
    if (views.length === 0) return new Float64Array(n);
    const { mean } = blackLitterman(covariance, { prior, tau: TAU, views });
    return mean.map((value, i) => value - prior[i]);
  };
  const parts = [
    { signal: 'trend', change: moved((i) => trend[i], 0) },
    ...(fused === undefined || at < 0
      ? []
      : fused.parts.map(({ name, contribution }) => ({ signal: name, change: moved(() => 0, contribution) }))),
  ];
  const expected = prior.map((value, i) => parts.reduce((sum, { change }) => sum + change[i], value));
  return { expected, prior, parts };
}
