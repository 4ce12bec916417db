import type { Mandate } from '../mandate/mandate';
import type { AllocationProposed } from '../optimization/events';
import { unitPrice, type Quote } from '../universe/foreign-level';
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
  const priceOf = new Map(proposal.prices.map((price) => [price.id, price]));
  const orders = proposal.weights.flatMap(({ instrument, previousWeight, targetWeight }): IndicativeOrder[] => {
    const found = priceOf.get(instrument);
    if (found === undefined) return [];
    const price = unitPrice(found);
    if (!(price > 0)) return [];
    const lotSize = trading?.lots?.[instrument] ?? DEFAULT_LOT_SIZE;
    const lots = Math.round(((targetWeight - previousWeight) * notional) / price / lotSize);
    if (lots === 0) return [];
    const side = lots > 0 ? 'buy' : 'sell';
    const venue = venueOf(instrument);
    const { quote } = found;
    const order = { instrument, side, quantity: Math.abs(lots) * lotSize, lotSize } as const;
    return [{ ...order, ...inItsCurrency(price, quote), ...(venue !== undefined && { venue }) }];
  });
  return [...orders.filter(({ side }) => side === 'sell'), ...orders.filter(({ side }) => side === 'buy')];
}

function inItsCurrency(price: number, quote: Quote | undefined): Pick<IndicativeOrder, 'referencePrice' | 'quoted'> {
  if (quote === undefined) return { referencePrice: price };
  const { currency, rate, rateAt } = quote;
  return { referencePrice: quote.price, quoted: { currency, rate, rateAt } };
}

/** Price of an order in the currency of the mandate. */
export function orderPrice({ referencePrice, quoted }: Pick<IndicativeOrder, 'referencePrice' | 'quoted'>): number {
  return quoted === undefined ? referencePrice : referencePrice * quoted.rate;
}

/** What the indicative orders of a proposal are worth, buys and sells both counted. */
export function indicativeValue(
  proposal: Pick<AllocationProposed, 'weights' | 'prices'>,
  mandate: Pick<Mandate, 'notional' | 'trading'>,
): number {
  return indicativeOrders(proposal, mandate).reduce((sum, order) => sum + order.quantity * orderPrice(order), 0);
}
