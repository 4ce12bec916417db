import { InputError } from '@allostat/kernel';
import type { MarketHistory } from '../market-history';
import { weightsInOrder, type PortfolioPolicy } from '../portfolio-policy';

export type AnchorWeights = Readonly<Record<string, number>>;

/** Holds a policy anchor; the weights of funds without a price yet are shared out among the others in proportion. */
export function anchorPolicy(anchor: AnchorWeights): PortfolioPolicy {
  return ({ scheduled, history }) => (scheduled ? listedAnchor(anchor, history) : undefined);
}

/** The anchor over the funds that have a price on the last row, in the order of the market, with the anchor's own sum. */
export function listedAnchor(anchor: AnchorWeights, { assets, levels, dates }: MarketHistory): Float64Array {
  const all = weightsInOrder(anchor, assets);
  const from = (dates.length - 1) * assets.length;
  const listed = all.map((weight, i) => (levels[from + i] > 0 ? weight : 0));
  const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);
  if (!(sum(listed) > 0)) {
    throw new InputError(
      `none of ${Object.keys(anchor).join(', ')} has a price on ${dates[dates.length - 1]}`,
      {},
      'start later',
    );
  }
  const scale = sum(all) / sum(listed);
  return listed.map((weight) => weight * scale);
}
