import { AllostatError } from '@allostat/kernel';
import type { BacktestTrade } from './execute-trades';
import type { MarketHistory } from './market-history';
import { impactCost, proportionalRate, type BacktestCosts } from './backtest-costs';
import { volatilityOf } from './trailing-volatility';

/** One day of the account, in money: `open + gain + interest - borrow - fee - tax - cost = close`. */
export interface LedgerDay {
  readonly date: string;
  /** Value at the close before; the start value on the first day. */
  readonly open: number;
  /** Change of price of what was held overnight. */
  readonly gain: number;
  /** Earned on cash, or paid on borrowed money (negative). */
  readonly interest: number;
  readonly borrow: number;
  readonly fee: number;
  /** Paid on the gains of the year before. */
  readonly tax: number;
  readonly cost: number;
  readonly close: number;
  readonly cash: number;
  /** Money traded, bought and sold, before the cost lowered the targets. */
  readonly traded: number;
}

/** Thrown when an account does not add up: a fault of the engine or a doctored result, never of the data. */
export class LedgerError extends AllostatError {
  constructor(
    readonly date: string,
    message: string,
  ) {
    super('BACKTEST.LEDGER', `${date}: ${message}`, 'the result must not be used; report the configuration');
  }
}

export interface LedgerTerms {
  readonly market: MarketHistory;
  readonly firstRow: number;
  readonly costs: BacktestCosts;
  readonly delayBars: number;
  readonly initialUnits: Float64Array;
  readonly startValue: number;
  /** Holdings that turned into cash at the end of their listing, as units taken out. */
  readonly removals: readonly { readonly row: number; readonly asset: string; readonly units: number }[];
}

/**
 * Replays an account from its trades alone and throws `LedgerError` where anything differs by more than 1e-9 of value:
 * a day that does not add up, holdings that are not the sum of trades, cost that is not charged exactly once at the stated
 * rate, a trade at another close than the delay allows.
 */
export function checkLedger(
  ledger: readonly LedgerDay[],
  trades: readonly BacktestTrade[],
  { market, firstRow, costs, delayBars, initialUnits, startValue, removals }: LedgerTerms,
): void {
  const n = market.assets.length;
  const units = initialUnits.slice();
  const placeOf = new Map(market.assets.map((asset, i) => [asset, i]));
  const prices = new Float64Array(n);
  let before = startValue;
  let next = 0;
  let removed = 0;
  ledger.forEach((day, k) => {
    const row = firstRow + k;
    const near = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(day.close), startValue);
    const fail = (message: string): never => {
      throw new LedgerError(day.date, message);
    };
    if (!near(day.open, before)) fail(`opens with ${day.open}, the day before closed with ${before}`);
    const sum = day.open + day.gain + day.interest - day.borrow - day.fee - day.tax - day.cost;
    if (!near(sum, day.close)) fail(`the entries add up to ${sum}, the value is ${day.close}`);
    let cost = 0;
    for (; next < trades.length && trades[next].row === row; next++) {
      cost += checkTrade(trades[next], { market, placeOf, costs, delayBars, slack: day.cost, fail });
      units[placeOf.get(trades[next].asset) ?? NaN] += trades[next].units;
    }
    if (!near(cost, day.cost)) fail(`charged ${day.cost} for trades that cost ${cost}`);
    for (; removed < removals.length && removals[removed].row === row; removed++)
      units[placeOf.get(removals[removed].asset) ?? NaN] -= removals[removed].units;
    let value = day.cash;
    for (let i = 0; i < n; i++) {
      const level = market.levels[row * n + i];
      if (!Number.isNaN(level)) prices[i] = level;
      value += units[i] * prices[i];
    }
    if (!near(value, day.close)) fail(`holdings and cash are worth ${value}, the ledger says ${day.close}`);
    before = day.close;
  });
  if (next < trades.length) {
    throw new LedgerError(market.dates[trades[next].row], `the trade in ${trades[next].asset} is out of order`);
  }
}

interface TradeTerms {
  readonly market: MarketHistory;
  /** Column of each asset. */
  readonly placeOf: ReadonlyMap<string, number>;
  readonly costs: BacktestCosts;
  readonly delayBars: number;
  /** Cost of the whole day: that much a trade may be smaller than what it is charged for. */
  readonly slack: number;
  readonly fail: (message: string) => never;
}

function checkTrade(trade: BacktestTrade, terms: TradeTerms): number {
  const { costs, delayBars, slack, fail } = terms;
  if (trade.row - trade.decidedRow < delayBars) {
    fail(
      `${trade.asset} was traded ${trade.row - trade.decidedRow} bars after its decision, at least ${delayBars} must pass`,
    );
  }
  const charged: [number, number][] = [
    [trade.proportionalCost, proportionalRate(costs, trade.asset) * Math.abs(trade.costBase)],
    [trade.impactCost, fairImpact(trade, terms)],
  ];
  for (const [found, fair] of charged) {
    if (!(Math.abs(fair - found) <= 1e-12 * Math.max(fair, found)))
      fail(`the trade in ${trade.asset} was charged ${found}; once at the stated rate is ${fair}`);
  }
  if (Math.abs(trade.costBase - trade.value) > slack * (1 + 1e-9) + 1e-12 * Math.abs(trade.value)) {
    fail(`the trade in ${trade.asset} is ${trade.value} and was charged as ${trade.costBase}`);
  }
  return trade.proportionalCost + trade.impactCost;
}

function fairImpact(
  { row, asset, costBase }: BacktestTrade,
  { market, placeOf, costs: { impact } }: TradeTerms,
): number {
  if (impact === undefined) return 0;
  const at = placeOf.get(asset) ?? NaN;
  return impactCost(costBase, {
    coefficient: impact.coefficient,
    volatility: volatilityOf(market, row, at, impact),
    dailyValue: market.volumes === undefined ? NaN : market.volumes[row * market.assets.length + at],
  });
}
