import { assetMatrix, portfolioVolatility } from '@allostat/quant';
import type { Mandate } from '../mandate/mandate';
import type { RiskModel } from '../risk-budgeting/risk-model';

const PERIODS_PER_YEAR: Readonly<Record<Mandate['rebalance']['every'], number>> = { week: 52, month: 12, quarter: 4 };

/**
 * What a trade is worth until the next regular decision, as a fraction of value: half the price of risk times the yearly
 * tracking variance between what is held and the target, for the share of a year until then. Instruments without an
 * estimate carry no tracking risk here.
 */
export function tradeGain(
  riskAversion: number,
  { every }: Mandate['rebalance'],
  {
    previous,
    target,
    model,
  }: {
    readonly previous: ReadonlyMap<string, number>;
    readonly target: ReadonlyMap<string, number>;
    readonly model: RiskModel;
  },
): number {
  const gap = model.assets.map((id) => (target.get(id) ?? 0) - (previous.get(id) ?? 0)); // not held
  const tracking = portfolioVolatility(gap, assetMatrix(model.assets, model.covariance));
  return ((riskAversion / 2) * tracking ** 2) / PERIODS_PER_YEAR[every];
}
