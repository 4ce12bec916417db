import { invariant } from '@allostat/kernel';
import { portfolioReturns, type ReturnPanel } from '../linalg/return-panel';
import { isHomogeneous, measureRisk, type RiskMeasure, type RiskMeasureOptions } from './risk-measure';

export interface EulerContributions {
  readonly value: number;
  /** Change of the measure per unit of weight, per asset. */
  readonly marginal: Float64Array;
  /** Weight times marginal; sums to the measure. */
  readonly components: Float64Array;
}

/**
 * Splits any risk measure of degree 1 by asset: component = weight times derivative, the sum is the measure (Euler).
 * Where scenarios tie (quantiles, worst drawdowns) the derivative of the earlier scenario is taken. Throws for measures
 * that do not scale with the portfolio (variance, compounded drawdowns, moments below a target other than 0).
 */
export function eulerContributions(
  panel: ReturnPanel,
  weights: ArrayLike<number>,
  { measure, ...options }: RiskMeasureOptions & { readonly measure: RiskMeasure },
): EulerContributions {
  invariant(
    isHomogeneous(measure, options),
    () => `${measure} does not scale with the portfolio: it has no Euler contributions`,
  );
  const n = panel.assets.length;
  const { value, sensitivity } = measureRisk(portfolioReturns(panel, weights), measure, options);
  const marginal = new Float64Array(n);
  for (let t = 0, k = 0; t < panel.periods; t++) {
    for (let i = 0; i < n; i++) marginal[i] += sensitivity[t] * panel.values[k++];
  }
  return { value, marginal, components: marginal.map((slope, i) => slope * weights[i]) };
}
