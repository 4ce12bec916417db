import type { Mandate } from '../mandate/mandate';
import type { AllocationProposed } from '../optimization/events';
import type { IndicativeOrder } from './events';

/** Units are whole where the mandate names no lot. */
const DEFAULT_LOT_SIZE = 1;

/**
 * Orders that the changes of weight imply on the mandate's notional: whole lots of it, rounded to the nearest, sales first. A change of
 * less than half a lot gives no order.
 */
export function indicativeOrders(
  proposal: Pick<AllocationProposed, 'weights' | 'prices'>,
  { notional, trading }: Pick<Mandate, 'notional' | 'trading'>,
  venueOf: (instrument: string) => string | undefined = () => undefined,
): IndicativeOrder[] {
  const priceOf = new Map(proposal.prices.map(({ id, close }) => [id, close]));
  const orders = proposal.weights.flatMap(({ instrument, previousWeight, targetWeight }): IndicativeOrder[] => {
    const price = priceOf.get(instrument);
    if (price === undefined || !(price > 0)) return [];
    const lotSize = trading?.lots?.[instrument] ?? DEFAULT_LOT_SIZE;
    const lots = Math.round(((targetWeight - previousWeight) * notional) / price / lotSize);
    if (lots === 0) return [];
    const side = lots > 0 ? 'buy' : 'sell';
    const venue = venueOf(instrument);
    const order = { instrument, side, quantity: Math.abs(lots) * lotSize, lotSize, referencePrice: price } as const;
    return [{ ...order, ...(venue !== undefined && { venue }) }];
  });
  return [...orders.filter(({ side }) => side === 'sell'), ...orders.filter(({ side }) => side === 'buy')];
}

/** What the indicative orders of a proposal are worth, buys and sells both counted. */
export function indicativeValue(
  proposal: Pick<AllocationProposed, 'weights' | 'prices'>,
  mandate: Pick<Mandate, 'notional' | 'trading'>,
): number {
  return indicativeOrders(proposal, mandate).reduce((sum, order) => sum + order.quantity * order.referencePrice, 0);
}
