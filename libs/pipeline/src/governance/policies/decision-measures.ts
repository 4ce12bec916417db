import type { DecisionRecord } from './decision-record';

/** One-way turnover of a decision, as a fraction of assets. */
export function turnoverOfDecision({ lines }: Pick<DecisionRecord, 'lines'>): number {
  return lines.reduce((sum, { previousWeight, targetWeight }) => sum + Math.abs(targetWeight - previousWeight), 0) / 2;
}

/** Value of all orders at their reference prices, buys and sells both counted. */
export function orderedValue({ orders }: Pick<DecisionRecord, 'orders'>): number {
  return orders.reduce((sum, { quantity, price }) => sum + Math.abs(quantity) * price, 0);
}
