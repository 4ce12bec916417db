import { InputError, invariant } from '@allostat/kernel';
import { daysBetween } from './days-between';
import type { PortfolioSimulation } from './simulate-portfolio';

/** One purchase (units above 0) or sale of an account; `amount` is the cost of a purchase or the proceeds of a sale, fees included. */
export interface TaxableTrade {
  readonly date: string;
  readonly asset: string;
  readonly units: number;
  readonly amount: number;
}

/** Units bought together and not sold yet. A lot that replaced a washed loss carries that loss in its basis. */
export interface OpenLot {
  readonly asset: string;
  readonly boughtOn: string;
  /** Days that the holding period of washed units adds to this lot's own. */
  readonly addedDays: number;
  readonly units: number;
  readonly basis: number;
}

/** The sale of a lot or part of one. */
export interface LotSale {
  readonly date: string;
  readonly asset: string;
  readonly units: number;
  readonly proceeds: number;
  readonly basis: number;
  /** Proceeds less basis. */
  readonly gain: number;
  /** Part of a loss that a purchase within the window takes away; it goes into the basis of that purchase. */
  readonly disallowed: number;
  readonly longTerm: boolean;
}

export interface AccountTaxOptions {
  /** Which lots are sold first; default `first-in`. */
  readonly lotChoice?: 'first-in' | 'last-in' | 'highest-basis';
  /** Held for more days is long term; default 365. */
  readonly longTermDays?: number;
  /** Purchases so many days before or after a loss wash it; default 30, 0 for none. */
  readonly washDays?: number;
}

export interface AccountTaxes {
  readonly sales: readonly LotSale[];
  readonly lots: readonly OpenLot[];
}

interface Lot {
  readonly purchase: number;
  asset: string;
  boughtOn: string;
  addedDays: number;
  units: number;
  basis: number;
  /** True when it has taken over a washed loss: a unit replaces one other unit only. */
  replaces: boolean;
}

interface Loss {
  readonly sale: { disallowed: number; asset: string; date: string };
  units: number;
  readonly perUnit: number;
  readonly heldDays: number;
}

/**
 * Gains of an account by lots, with wash sales as in IRS Publication 550: a loss is disallowed for as many units as are bought
 * within the window, the earliest purchase first, and goes with its holding period into the units that replace them.
 * Trades in order of date; throws `InputError` on a sale of more than is held. It measures gains; it books no tax.
 */
export function accountTaxes(trades: readonly TaxableTrade[], options: AccountTaxOptions = {}): AccountTaxes {
  const { longTermDays = 365, washDays = 30, lotChoice = 'first-in' } = options;
  invariant(longTermDays >= 0 && washDays >= 0, 'longTermDays and washDays must be 0 or more');
  const lots: Lot[] = [];
  const losses: Loss[] = [];
  const sales: (LotSale & { disallowed: number })[] = [];
  trades.forEach((trade, k) => {
    invariant(k === 0 || trade.date >= trades[k - 1].date, () => `${trade.date} follows ${trades[k - 1].date}`);
    invariant(trade.units !== 0 && trade.amount >= 0, () => `trade ${k} has ${trade.units} units for ${trade.amount}`);
    if (trade.units > 0) {
      const { asset, date: boughtOn, units, amount: basis } = trade;
      const lot: Lot = { purchase: k, asset, boughtOn, addedDays: 0, units, basis, replaces: false };
      lots.push(lot);
      for (const loss of losses) {
        const near = daysBetween(loss.sale.date, boughtOn) <= washDays;
        if (loss.sale.asset === asset && near && washDays > 0) wash(loss, lot, lots);
      }
      return;
    }
    for (const part of takeUnits(lots, trade, lotChoice)) {
      const proceeds = (trade.amount * part.units) / -trade.units;
      const heldDays = daysBetween(part.boughtOn, trade.date) + part.addedDays;
      const gain = proceeds - part.basis;
      const { asset, date } = trade;
      const { units, basis } = part;
      const sale = { date, asset, units, proceeds, basis, gain, disallowed: 0, longTerm: heldDays > longTermDays };
      sales.push(sale);
      if (!(gain < 0) || washDays === 0) continue;
      const loss: Loss = { sale, units, perUnit: -gain / units, heldDays };
      // other purchases shortly before that are still held replace the units too; the rest of the same purchase does not
      for (const lot of lots.filter((other) => other.asset === asset && other.purchase !== part.purchase)) {
        if (daysBetween(lot.boughtOn, date) <= washDays) wash(loss, lot, lots);
      }
      losses.push(loss);
    }
  });
  return {
    sales,
    lots: lots.map(({ replaces: _replaces, purchase: _purchase, ...lot }) => lot),
  };
}

/** The trades of a simulation with their costs in basis and proceeds. Holdings given at the start are not among them. */
export function taxableTrades({ trades, dates, firstRow }: PortfolioSimulation): TaxableTrade[] {
  return trades.map(({ row, asset, units, value, proportionalCost, impactCost }) => ({
    date: dates[row - firstRow],
    asset,
    units,
    amount: units > 0 ? value + proportionalCost + impactCost : -value - proportionalCost - impactCost,
  }));
}

/** Moves the loss of as many units as the lot can replace into the lot; what it does not replace becomes a lot of its own. */
function wash(loss: Loss, lot: Lot, lots: Lot[]): void {
  const units = Math.min(loss.units, lot.units);
  if (lot.replaces || !(units > 0)) return;
  if (units < lot.units) {
    const rest = { ...lot, units: lot.units - units, basis: lot.basis * (1 - units / lot.units) };
    lot.basis -= rest.basis;
    lot.units = units;
    lots.splice(lots.indexOf(lot) + 1, 0, rest);
  }
  lot.basis += units * loss.perUnit;
  lot.addedDays = loss.heldDays;
  lot.replaces = true;
  loss.units -= units;
  loss.sale.disallowed += units * loss.perUnit;
}

/** Takes the sold units out of the lots, in the order of choice. */
function takeUnits(
  lots: Lot[],
  { asset, date, units: sold }: TaxableTrade,
  choice: NonNullable<AccountTaxOptions['lotChoice']>,
): Lot[] {
  const own = lots.filter((lot) => lot.asset === asset);
  if (choice === 'last-in') own.reverse();
  if (choice === 'highest-basis') own.sort((a, b) => b.basis / b.units - a.basis / a.units);
  const held = own.reduce((sum, lot) => sum + lot.units, 0);
  let left = -sold;
  if (left > held * (1 + 1e-9)) {
    throw new InputError(
      `${left} units of ${asset} are sold on ${date}, ${held} are held`,
      { field: asset },
      'gains by lots need every purchase; short positions have none',
    );
  }
  const parts: Lot[] = [];
  for (const lot of own) {
    if (!(left > 0)) break;
    const share = Math.min(1, left / lot.units);
    parts.push({ ...lot, units: lot.units * share, basis: lot.basis * share });
    left -= lot.units * share;
    if (share === 1) lots.splice(lots.indexOf(lot), 1);
    else {
      lot.basis *= 1 - share;
      lot.units *= 1 - share;
    }
  }
  return parts;
}
