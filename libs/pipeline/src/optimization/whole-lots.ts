import type { Mandate, Trading } from '../mandate/mandate';

export interface WholeLots {
  /** For every instrument; sums to 1. */
  readonly weights: ReadonlyMap<string, number>;
  /** Weight of the target that whole lots leave out, where it is not zero. */
  readonly residuals: readonly { readonly instrument: string; readonly weight: number }[];
}

/**
 * Rounds each trade to whole lots, towards what is held, so that no weight passes its target; the cash instrument takes the difference.
 * When that would leave it below `cashMin`, purchases give up lots, dearest lot first. `value` is the account's, in the currency of the
 * prices. Instruments without a lot or a price are left as they are.
 */
export function wholeLots(
  target: ReadonlyMap<string, number>,
  {
    previous,
    lots,
    prices,
    value,
    cash,
    cashMin,
  }: {
    readonly previous: ReadonlyMap<string, number>;
    readonly lots: NonNullable<Trading['lots']>;
    readonly prices: ReadonlyMap<string, number>;
    readonly value: number;
    readonly cash: NonNullable<Mandate['cashInstrument']>;
    readonly cashMin: number;
  },
): WholeLots {
  const steps = new Map<string, { readonly held: number; readonly lotWeight: number; count: number }>();
  for (const [id, weight] of target) {
    const size = lots[id];
    const price = prices.get(id);
    if (size === undefined || price === undefined || id === cash) continue;
    const held = previous.get(id) ?? 0; // not held
    const lotWeight = (size * price) / value;
    steps.set(id, {
      held,
      lotWeight,
      count: Math.trunc((weight - held) / lotWeight + Math.sign(weight - held) * 1e-9),
    });
  }
  const weightOf = (id: string): number => {
    const step = steps.get(id);
    return step === undefined ? (target.get(id) as number) : step.held + step.count * step.lotWeight;
  };
  const cashLeft = (): number => [...target.keys()].reduce((left, id) => (id === cash ? left : left - weightOf(id)), 1);
  while (cashLeft() < cashMin - 1e-12) {
    const buys = [...steps.values()].filter(({ count }) => count > 0).sort((a, b) => b.lotWeight - a.lotWeight);
    if (buys.length === 0) break; // nothing is bought: limits are judged by the caller
    buys[0].count -= 1;
  }
  const weights = new Map([...target.keys()].map((id) => [id, id === cash ? cashLeft() : weightOf(id)]));
  const residuals = [...target]
    .map(([instrument, weight]) => ({ instrument, weight: weight - (weights.get(instrument) as number) }))
    .filter(({ weight }) => Math.abs(weight) > 1e-12);
  return { weights, residuals };
}
