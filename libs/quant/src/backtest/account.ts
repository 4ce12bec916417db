import { InputError, invariant } from '@allostat/kernel';
import type { MarketHistory } from './market-history';
import type { BacktestCosts } from './backtest-costs';

/** End of an asset's listing: on `date` its holders get `recovery` times its last price in cash. */
export interface Delisting {
  readonly asset: string;
  readonly date: string;
  /** 1 is the last price, 0 a total loss. */
  readonly recovery: number;
}

/** Units taken out of the account by a delisting. */
export interface Removal {
  readonly row: number;
  readonly asset: string;
  readonly units: number;
}

/** Units, last prices and cash of a simulated account; changed in place by the engine only. */
export interface Account {
  readonly units: Float64Array;
  /** Last known price; NaN before the first. */
  readonly prices: Float64Array;
  /** Rows since the price was seen. */
  readonly staleBars: Int32Array;
  cash: number;
  /** Value of each holding at the last known prices. */
  holdings(): Float64Array;
}

/** An account at the close of the first row; throws `InputError` when an initial holding has no price there. */
export function openAccount(
  market: MarketHistory,
  {
    firstRow,
    startValue,
    initialWeights,
  }: { firstRow: number; startValue: number; initialWeights: ArrayLike<number> | undefined },
): Account {
  const n = market.assets.length;
  invariant(initialWeights === undefined || initialWeights.length === n, () => `there must be ${n} initial weights`);
  const units = new Float64Array(n);
  const prices = new Float64Array(n).fill(NaN);
  // an asset may have no price on the very first row (a halt): its last one before counts
  for (let row = 0; row <= firstRow; row++) {
    for (let i = 0; i < n; i++) {
      const level = market.levels[row * n + i];
      if (!Number.isNaN(level)) prices[i] = level;
    }
  }
  let cash = startValue;
  for (let i = 0; initialWeights !== undefined && i < n; i++) {
    if (initialWeights[i] === 0) continue;
    if (Number.isNaN(prices[i])) {
      throw new InputError(
        `${market.assets[i]} has no price on ${market.dates[firstRow]}, but ${initialWeights[i]} of it is held`,
        { field: market.assets[i] },
        'start later or hold something else',
      );
    }
    units[i] = (startValue * initialWeights[i]) / prices[i];
    cash -= startValue * initialWeights[i];
  }
  return {
    units,
    prices,
    staleBars: new Int32Array(n),
    cash,
    holdings: () => units.map((held, i) => (held === 0 ? 0 : held * prices[i])),
  };
}

/** What one day did to the account before any trade. */
export interface PassedDay {
  readonly open: number;
  readonly gain: number;
  readonly interest: number;
  readonly borrow: number;
  readonly fee: number;
  readonly value: number;
  readonly removals: readonly Removal[];
}

export interface DayTerms {
  readonly row: number;
  readonly firstRow: number;
  readonly costs: BacktestCosts;
  readonly delistings?: readonly Delisting[];
  readonly staleBarsMax?: number;
  readonly daysPerYear?: number;
}

/** Moves the account from one close to the next: interest, borrow and fee on what stood overnight, then new prices, then delistings. */
export function passDay(market: MarketHistory, account: Account, terms: DayTerms): PassedDay {
  const { row, firstRow, costs, daysPerYear = 252 } = terms;
  let open = account.cash;
  let shorts = 0;
  for (const holding of account.holdings()) {
    open += holding;
    if (holding < 0) shorts -= holding;
  }
  if (row === firstRow) return { open, gain: 0, interest: 0, borrow: 0, fee: 0, value: open, removals: [] };
  const loan = account.cash < 0 && costs.loanSpread !== undefined ? costs.loanSpread / daysPerYear : 0;
  const cashRate = market.cashRates === undefined ? 0 : market.cashRates[row]; // without rates cash earns nothing, by contract
  if (Number.isNaN(cashRate))
    throw new InputError(`the cash rate of ${market.dates[row]} is missing`, { field: 'cashRates' });
  const interest = account.cash * (cashRate + loan);
  const borrow = costs.borrowRate === undefined ? 0 : (shorts * costs.borrowRate) / daysPerYear;
  const fee = costs.managementFee === undefined ? 0 : (open * costs.managementFee) / daysPerYear;
  account.cash += interest - borrow - fee;
  let gain = reprice(market, account, terms);
  const removals: Removal[] = [];
  for (const { asset, date, recovery } of terms.delistings ?? []) {
    const i = market.assets.indexOf(asset);
    if (date !== market.dates[row] || i < 0 || account.units[i] === 0) continue;
    const last = account.units[i] * account.prices[i];
    account.cash += recovery * last;
    gain += (recovery - 1) * last;
    removals.push({ row, asset, units: account.units[i] });
    account.units[i] = 0;
  }
  return { open, gain, interest, borrow, fee, value: open + gain + interest - borrow - fee, removals };
}

function reprice(market: MarketHistory, account: Account, { row, staleBarsMax = 10 }: DayTerms): number {
  const n = market.assets.length;
  let gain = 0;
  for (let i = 0; i < n; i++) {
    const level = market.levels[row * n + i];
    if (!Number.isNaN(level)) {
      if (account.units[i] !== 0) gain += account.units[i] * (level - account.prices[i]);
      account.prices[i] = level;
      account.staleBars[i] = 0;
    } else if (account.units[i] !== 0 && ++account.staleBars[i] > staleBarsMax) {
      throw new InputError(
        `${market.assets[i]} is held on ${market.dates[row]} and has had no price for ${account.staleBars[i]} rows`,
        { field: market.assets[i] },
        'state its delisting with date and recovery, or repair the series',
      );
    }
  }
  return gain;
}
