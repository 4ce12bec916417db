import { impactCost, proportionalRate, type BacktestCosts } from './backtest-costs';

/** One trade that was done. Money in the units of the start value; sales are negative. */
export interface BacktestTrade {
  readonly row: number;
  /** Row of the decision that it carries out. */
  readonly decidedRow: number;
  readonly asset: string;
  readonly units: number;
  readonly price: number;
  readonly value: number;
  /** Size on which cost is charged: the trade before the account's own trading cost lowers the targets. */
  readonly costBase: number;
  readonly proportionalCost: number;
  readonly impactCost: number;
}

/** Part of an order that was not done. */
export interface UnfilledOrder {
  readonly row: number;
  readonly asset: string;
  readonly value: number;
  readonly reason: 'no-price' | 'no-volume' | 'participation' | 'cash' | 'lot' | 'minimum-ticket';
}

/** Where the account stands at the close on which it trades. */
export interface TradingDay {
  readonly row: number;
  readonly decidedRow: number;
  readonly assets: readonly string[];
  /** Price of each asset, NaN where it cannot be traded. */
  readonly prices: Float64Array;
  /** Value of each holding, halted assets at their last price. */
  readonly holdings: Float64Array;
  readonly cash: number;
  /** Money traded that day, and volatility per day, where impact or participation need them. */
  readonly dailyValues?: Float64Array;
  readonly volatilities?: Float64Array;
}

export interface Execution {
  readonly trades: readonly BacktestTrade[];
  readonly unfilled: readonly UnfilledOrder[];
  readonly cost: number;
}

interface Order {
  readonly at: number;
  readonly base: number;
  value: number;
}

/**
 * Turns target weights into trades at one close: no trade without price or volume, then the participation limit, cash,
 * lots, the smallest ticket, in this order; sales before purchases. Cost is charged once, on the way from the holdings
 * to the targets at full value; the targets are then lowered by their share of it, so the account pays for its trading.
 */
export function executeTrades(day: TradingDay, targets: ArrayLike<number>, costs: BacktestCosts): Execution {
  const unfilled: UnfilledOrder[] = [];
  const refuse = (at: number, value: number, reason: UnfilledOrder['reason']): void => {
    if (value !== 0) unfilled.push({ row: day.row, asset: day.assets[at], value, reason });
  };
  let value = day.cash;
  for (const holding of day.holdings) value += holding;
  const orders = ordersOf(day, { targets, value, costs, refuse });
  const asked = orders.map((order) => order.value);
  const planned = orders.reduce((sum, order) => sum + sumCost(costOf(day, order.at, order.base, costs)), 0);
  for (const order of orders) {
    order.value -= planned * targets[order.at];
    order.value = capped(day, order, { costs, refuse });
  }
  let cash = day.cash - planned;
  for (const order of orders) {
    if (order.value >= 0) continue;
    order.value = whole(day, order, { costs, refuse });
    cash -= order.value;
  }
  const buys = orders.filter((order) => order.value > 0);
  const wanted = buys.reduce((sum, order) => sum + order.value, 0);
  let invested = 0;
  for (let i = 0; i < targets.length; i++) invested += targets[i];
  const short = invested <= 1 + 1e-9 && wanted > cash + 1e-12 * value; // the account may borrow only where its targets do
  const share = short ? Math.max(0, cash / wanted) : 1;
  for (const order of buys) {
    if (short) refuse(order.at, order.value * (1 - share), 'cash');
    order.value *= share;
    order.value = whole(day, order, { costs, refuse });
  }
  const free = unfilled.length === 0;
  return settle(day, orders, { costs, unfilled, bases: free ? asked : orders.map((order) => order.value) });
}

interface Terms {
  readonly costs: BacktestCosts;
  readonly refuse: (at: number, value: number, reason: UnfilledOrder['reason']) => void;
}

function ordersOf(
  day: TradingDay,
  { targets, value, costs, refuse }: Terms & { targets: ArrayLike<number>; value: number },
): Order[] {
  const orders: Order[] = [];
  for (let at = 0; at < day.assets.length; at++) {
    const change = targets[at] * value - day.holdings[at];
    if (change === 0 && targets[at] === 0) continue;
    if (Number.isNaN(day.prices[at])) refuse(at, change, 'no-price');
    else if ((costs.impact || costs.participationMax !== undefined) && !(dailyValue(day, at) > 0))
      refuse(at, change, 'no-volume');
    else orders.push({ at, base: change, value: change });
  }
  return orders;
}

function dailyValue(day: TradingDay, at: number): number {
  return day.dailyValues === undefined ? NaN : day.dailyValues[at];
}

function capped(day: TradingDay, order: Order, { costs, refuse }: Terms): number {
  if (costs.participationMax === undefined) return order.value;
  const most = costs.participationMax * dailyValue(day, order.at);
  if (Math.abs(order.value) <= most) return order.value;
  const done = Math.sign(order.value) * most;
  refuse(order.at, order.value - done, 'participation');
  return done;
}

/** Whole lots, towards no trade, and nothing below the smallest ticket. */
function whole(day: TradingDay, order: Order, { costs, refuse }: Terms): number {
  let { value } = order;
  if (costs.lotUnits !== undefined && costs.lotUnits > 0) {
    const lot = costs.lotUnits * day.prices[order.at];
    const done = Math.trunc(value / lot + Math.sign(value) * 1e-9) * lot;
    refuse(order.at, value - done, 'lot');
    value = done;
  }
  if (costs.minimumTicket !== undefined && value !== 0 && Math.abs(value) < costs.minimumTicket) {
    refuse(order.at, value, 'minimum-ticket');
    return 0;
  }
  return value;
}

function costOf(
  day: TradingDay,
  at: number,
  value: number,
  costs: BacktestCosts,
): { proportional: number; impact: number } {
  const proportional = proportionalRate(costs, day.assets[at]) * Math.abs(value);
  if (!costs.impact || day.volatilities === undefined) return { proportional, impact: 0 };
  const { coefficient } = costs.impact;
  const model = { coefficient, volatility: day.volatilities[at], dailyValue: dailyValue(day, at) };
  return { proportional, impact: impactCost(value, model) };
}

function sumCost({ proportional, impact }: { proportional: number; impact: number }): number {
  return proportional + impact;
}

function settle(
  day: TradingDay,
  orders: readonly Order[],
  { costs, unfilled, bases }: { costs: BacktestCosts; unfilled: readonly UnfilledOrder[]; bases: readonly number[] },
): Execution {
  const trades: BacktestTrade[] = [];
  let cost = 0;
  orders.forEach(({ at, value }, k) => {
    if (value === 0) return;
    const { proportional, impact } = costOf(day, at, bases[k], costs);
    cost += proportional + impact;
    trades.push({
      row: day.row,
      decidedRow: day.decidedRow,
      asset: day.assets[at],
      units: value / day.prices[at],
      price: day.prices[at],
      value,
      costBase: bases[k],
      proportionalCost: proportional,
      impactCost: impact,
    });
  });
  return { trades, unfilled, cost };
}
