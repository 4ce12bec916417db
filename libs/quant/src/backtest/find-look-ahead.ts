import { invariant } from '@allostat/kernel';
import { historyUntil, type MarketHistory } from './market-history';
import type { PortfolioPolicy } from './portfolio-policy';
import { simulatePortfolio, type PortfolioDecision, type SimulationOptions } from './simulate-portfolio';

/** A decision that changed when data after it was taken away. */
export interface LookAhead {
  readonly cutDate: string;
  readonly date: string;
  readonly full: readonly number[] | undefined;
  readonly truncated: readonly number[] | undefined;
}

/**
 * Runs a policy on the whole history and on copies that end at each cut, and returns the first decision at or before a cut that
 * is not identical; `undefined` means that no data after a cut changed anything. The policy is made anew for every
 * run from the history it may see, so what it prepares in advance is tested too.
 */
export function findLookAhead(
  market: MarketHistory,
  makePolicy: (history: MarketHistory) => PortfolioPolicy,
  { cutRows, ...options }: SimulationOptions & { readonly cutRows: readonly number[] },
): LookAhead | undefined {
  invariant(cutRows.length > 0, 'give at least one row to cut at');
  const full = simulatePortfolio(market, makePolicy(market), options).decisions;
  for (const cut of cutRows) {
    const known = copyOf(historyUntil(market, cut));
    const truncated = simulatePortfolio(known, makePolicy(known), {
      ...options,
      scheduledRows: options.scheduledRows.filter((row) => row <= cut),
    }).decisions;
    const before = full.filter(({ row }) => row <= cut);
    for (let k = 0; k < Math.max(before.length, truncated.length); k++) {
      const [a, b] = [before.at(k), truncated.at(k)];
      if (a && b && same(a, b)) continue;
      const date = [a?.date, b?.date].filter((text) => text !== undefined).sort()[0];
      return { cutDate: market.dates[cut], date, full: a?.weights, truncated: b?.weights };
    }
  }
  return undefined;
}

function same(a: PortfolioDecision, b: PortfolioDecision): boolean {
  return a.row === b.row && a.weights.every((weight, i) => Object.is(weight, b.weights[i]));
}

function copyOf(market: MarketHistory): MarketHistory {
  return {
    ...market,
    levels: market.levels.slice(),
    ...(market.volumes && { volumes: market.volumes.slice() }),
    ...(market.cashRates && { cashRates: market.cashRates.slice() }),
  };
}
