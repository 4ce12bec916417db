import { AllostatError, InputError, invariant } from '@allostat/kernel';
import { executeTrades, type BacktestTrade, type UnfilledOrder } from './execute-trades';
import type { TaxableTrade } from './account-taxes';
import { checkLedger, type LedgerDay } from './ledger';
import { checkMarketHistory, historyUntil, type MarketHistory } from './market-history';
import { openAccount, passDay, type Account, type Delisting, type Removal } from './account';
import { resultHash } from './result-hash';
import { taxPayments, type TaxPayment, type TaxTerms } from './tax-payments';
import { trailingVolatility } from './trailing-volatility';
import type { PortfolioPolicy } from './portfolio-policy';
import { checkBacktestCosts, type BacktestCosts } from './backtest-costs';

export interface SimulationOptions {
  /** First row of the simulation; rows before it are history only. Default 0. */
  readonly firstRow?: number;
  /** Rows of the regular calendar (see `monthEndRows`). */
  readonly scheduledRows: readonly number[];
  /** Also ask the policy on every other row (`scheduled` false), for rules that watch daily. Default false. */
  readonly everyRow?: boolean;
  /**
   * Closes between decision and trade; default 1. With 0 the signal's own close is traded, which nobody can do:
   * only for comparison with published figures of that convention.
   */
  readonly delayBars?: number;
  /** Rows on which the account cannot trade; they do not count as part of the delay. */
  readonly closedRows?: ReadonlySet<number>;
  readonly costs?: BacktestCosts;
  /** Money at the start; default 1. */
  readonly startValue?: number;
  /** Held at the close of the first row without cost; left out, the account starts in cash. */
  readonly initialWeights?: ArrayLike<number>;
  readonly delistings?: readonly Delisting[];
  /** Left out, no tax is paid. With taxes there can be no short positions. */
  readonly taxes?: TaxTerms;
  /** A holding without price for more rows is an error; default 10. */
  readonly staleBarsMax?: number;
  /** Days of return in a year, for yearly rates; default 252. */
  readonly daysPerYear?: number;
}

export interface PortfolioDecision {
  readonly row: number;
  readonly date: string;
  readonly weights: readonly number[];
}

export interface PortfolioSimulation {
  /** Row of the history on which the simulation begins; rows of trades and decisions count from the history's first. */
  readonly firstRow: number;
  readonly assets: readonly string[];
  readonly dates: readonly string[];
  readonly startValue: number;
  /** Value at each close, after that day's trades and costs. */
  readonly values: Float64Array;
  readonly ledger: readonly LedgerDay[];
  readonly trades: readonly BacktestTrade[];
  readonly unfilled: readonly UnfilledOrder[];
  readonly decisions: readonly PortfolioDecision[];
  /** Tax paid out of the account; empty without `taxes`. */
  readonly taxPayments: readonly TaxPayment[];
  /** Decisions whose trade would lie after the last row. */
  readonly pending: number;
  readonly delayBars: number;
  /** SHA-256 of the canonical JSON of everything above: equal runs have equal hashes. Made when it is first read. */
  readonly resultHash: string;
}

/**
 * Runs a policy through a market as it would have traded: the policy sees a close and what lies before it, the trade is done
 * `delayBars` closes later, holdings drift in between, each cost is charged once. Deterministic. The account is
 * replayed from its trades at the end. Throws `InputError` on unusable data or weights, `LedgerError` when the account
 * does not add up, `AllostatError` BACKTEST.RUIN when value falls to 0.
 */
export function simulatePortfolio(
  market: MarketHistory,
  policy: PortfolioPolicy,
  options: SimulationOptions,
): PortfolioSimulation {
  checkRun(market, options);
  const { firstRow = 0, delayBars = 1, costs = {}, startValue = 1, everyRow = false } = options;
  const { closedRows = new Set() } = options;
  const scheduled = new Set(options.scheduledRows);
  const account = openAccount(market, { firstRow, startValue, initialWeights: options.initialWeights });
  const initialUnits = account.units.slice();
  const taxDue =
    options.taxes &&
    taxPayments(options.taxes, { dates: market.dates, opening: openingLots(market, account, firstRow) });
  const taxesPaid: TaxPayment[] = [];
  const placeOf = new Map(market.assets.map((asset, i) => [asset, i]));
  const run: Run = { market, placeOf, costs, account, trades: [], unfilled: [], ledger: [], removals: [] };
  const values = new Float64Array(market.dates.length - firstRow);
  const decisions: PortfolioDecision[] = [];
  let waiting: { row: number; tradedRow: number; weights: Float64Array }[] = [];
  let lastTarget: Float64Array | undefined;
  for (let row = firstRow; row < market.dates.length; row++) {
    const day = passDay(market, account, { row, firstRow, costs, ...options });
    run.removals.push(...day.removals);
    const payment = taxDue?.(row, run.trades);
    if (payment !== undefined) taxesPaid.push(payment);
    const tax = payment === undefined ? 0 : payment.tax;
    account.cash -= tax;
    const due = waiting.filter((decision) => decision.tradedRow === row);
    waiting = waiting.filter((decision) => decision.tradedRow > row);
    let done = due.length > 0 ? trade(run, due[due.length - 1], row) : NOTHING;
    const value = day.value - tax - done.cost;
    if (everyRow || scheduled.has(row)) {
      values[row - firstRow] = value;
      const asked = policy({
        row,
        date: market.dates[row],
        assets: market.assets,
        history: historyUntil(market, row),
        weights: account.holdings().map((holding) => holding / value),
        value,
        values: values.subarray(0, row - firstRow + 1),
        lastTarget,
        scheduled: scheduled.has(row),
      });
      if (asked !== undefined) {
        lastTarget = checkedWeights(asked, market, row);
        decisions.push({ row, date: market.dates[row], weights: Array.from(lastTarget) });
        if (delayBars === 0) done = trade(run, { row, weights: lastTarget }, row);
        else waiting.push({ row, tradedRow: tradedRowOf(row, delayBars, closedRows), weights: lastTarget });
      }
    }
    const close = closeDay(run, { ...day, tax, date: market.dates[row] }, done);
    values[row - firstRow] = close;
  }
  const { trades, unfilled, ledger, removals } = run;
  checkLedger(ledger, trades, { market, firstRow, costs, delayBars, initialUnits, startValue, removals });
  const result = {
    firstRow,
    assets: market.assets,
    dates: market.dates.slice(firstRow),
    startValue,
    values,
    ledger,
    trades,
    unfilled,
    decisions,
    taxPayments: taxesPaid,
    pending: waiting.length,
    delayBars,
  };
  let hash: string | undefined;
  return {
    ...result,
    get resultHash() {
      return (hash ??= resultHash(result));
    },
  };
}

/** Row on which a decision is traded: `delayBars` closes later, closed rows not counted. */
export function tradedRowOf(row: number, delayBars: number, closedRows: ReadonlySet<number>): number {
  let traded = row;
  for (let left = delayBars; left > 0;) if (!closedRows.has(++traded)) left -= 1;
  return traded;
}

interface Run {
  readonly market: MarketHistory;
  /** Column of each asset. */
  readonly placeOf: ReadonlyMap<string, number>;
  readonly costs: BacktestCosts;
  readonly account: Account;
  readonly trades: BacktestTrade[];
  readonly unfilled: UnfilledOrder[];
  readonly ledger: LedgerDay[];
  readonly removals: Removal[];
}

interface Done {
  readonly cost: number;
  readonly traded: number;
}

const NOTHING: Done = { cost: 0, traded: 0 };

/** Carries out one decision at the close of `row`. */
function trade(run: Run, decision: { row: number; weights: Float64Array }, row: number): Done {
  const { market, account, costs } = run;
  const n = market.assets.length;
  const { trades, unfilled, cost } = executeTrades(
    {
      row,
      decidedRow: decision.row,
      assets: market.assets,
      prices: market.levels.subarray(row * n, (row + 1) * n),
      holdings: account.holdings(),
      cash: account.cash,
      ...(market.volumes && { dailyValues: market.volumes.subarray(row * n, (row + 1) * n) }),
      ...(costs.impact && { volatilities: trailingVolatility(market, row, costs.impact) }),
    },
    decision.weights,
    costs,
  );
  let traded = 0;
  for (const done of trades) {
    account.units[run.placeOf.get(done.asset) ?? NaN] += done.units;
    account.cash -= done.value;
    traded += Math.abs(done.costBase);
  }
  account.cash -= cost;
  run.trades.push(...trades);
  run.unfilled.push(...unfilled);
  return { cost, traded };
}

/** Writes the day into the ledger and returns its closing value. */
function closeDay(
  { account, ledger }: Run,
  day: Pick<LedgerDay, 'open' | 'gain' | 'interest' | 'borrow' | 'fee' | 'tax' | 'date'>,
  { cost, traded }: Done,
): number {
  let close = account.cash;
  for (const holding of account.holdings()) close += holding;
  if (!(close > 0)) {
    throw new AllostatError(
      'BACKTEST.RUIN',
      `the account is worth ${close} on ${day.date}`,
      'borrow less, or limit the weights of the policy',
    );
  }
  const { date, open, gain, interest, borrow, fee, tax } = day;
  ledger.push({ date, open, gain, interest, borrow, fee, tax, cost, close, cash: account.cash, traded });
  return close;
}

/** What is held at the start counts as bought then, at its price. */
function openingLots(market: MarketHistory, { units, prices }: Account, firstRow: number): TaxableTrade[] {
  return market.assets.flatMap((asset, i) =>
    units[i] > 0 ? [{ date: market.dates[firstRow], asset, units: units[i], amount: units[i] * prices[i] }] : [],
  );
}

function checkRun(
  market: MarketHistory,
  { firstRow = 0, delayBars = 1, costs = {}, startValue = 1 }: SimulationOptions,
): void {
  checkMarketHistory(market);
  checkBacktestCosts(costs);
  invariant(Number.isInteger(delayBars) && delayBars >= 0, () => `delayBars must be 0, 1, ..., got ${delayBars}`);
  invariant(startValue > 0, () => `startValue must be above 0, got ${startValue}`);
  invariant(firstRow >= 0 && firstRow < market.dates.length - 1, () => `firstRow must leave 2 rows, got ${firstRow}`);
  if (market.volumes === undefined && (costs.impact !== undefined || costs.participationMax !== undefined)) {
    throw new InputError(
      'impact and participationMax need the money traded by asset and day, and the market has no volumes',
      { field: 'volumes' },
      'give volumes, or leave these costs out',
    );
  }
}

function checkedWeights(asked: ArrayLike<number>, market: MarketHistory, row: number): Float64Array {
  const { assets, dates } = market;
  invariant(asked.length === assets.length, () => `${assets.length} assets need ${assets.length} weights`);
  const weights = Float64Array.from(asked);
  weights.forEach((weight, i) => {
    if (!(Math.abs(weight) <= 10)) {
      throw new InputError(
        `the policy asks for ${weight} of ${assets[i]} on ${dates[row]}; weights must lie in -10..10`,
        { field: assets[i] },
        'weights are shares of value: 0.05 is five percent',
      );
    }
  });
  return weights;
}
