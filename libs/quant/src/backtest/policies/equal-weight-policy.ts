import { weightsInOrder, type PortfolioPolicy } from '../portfolio-policy';

/** The same weight in each of `members` that has a price at the close of the decision. */
export function equalWeightPolicy(members: readonly string[]): PortfolioPolicy {
  return ({ scheduled, assets, history: { levels }, row }) => {
    if (!scheduled) return undefined;
    const listed = members.filter((asset) => levels[row * assets.length + assets.indexOf(asset)] > 0);
    if (listed.length === 0) return undefined;
    return weightsInOrder(Object.fromEntries(listed.map((asset) => [asset, 1 / listed.length])), assets);
  };
}
