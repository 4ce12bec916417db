import type { MarketHistory } from '@allostat/quant';

/** The columns that one portfolio needs, in the order of the history. */
export function narrowed(market: MarketHistory, wanted: readonly string[]): MarketHistory {
  const n = market.assets.length;
  const columns = market.assets.map((_, i) => i).filter((i) => wanted.includes(market.assets[i]));
  const pick = (values: Float64Array): Float64Array =>
    Float64Array.from(
      { length: market.dates.length * columns.length },
      (_, k) => values[Math.floor(k / columns.length) * n + columns[k % columns.length]],
    );
  return {
    ...market,
    assets: columns.map((i) => market.assets[i]),
    levels: pick(market.levels),
    ...(market.volumes && { volumes: pick(market.volumes) }),
  };
}

/** Weights by name over what has a price on a row, in the order of the market; they sum to 1. */
export function listedWeights(
  weights: Readonly<Record<string, number>>,
  { assets, levels }: MarketHistory,
  row: number,
): Float64Array {
  const held = Float64Array.from(assets, (asset, i) =>
    asset in weights && levels[row * assets.length + i] > 0 ? weights[asset] : 0,
  );
  const sum = held.reduce((total, weight) => total + weight, 0);
  return held.map((weight) => weight / sum);
}
