import { invariant, type IsoDate } from '@allostat/kernel';
import type { AllocationStatusReported } from '../optimization/events';

export interface Holding {
  readonly id: string;
  readonly weight: number;
}

/** Value of a mandate's portfolio through time, from what the order system reports and from prices alone. */
export interface PortfolioPath {
  readonly holdings: readonly Holding[];
  /** Close of each instrument at `asOf`. */
  readonly prices: Readonly<Record<string, number>>;
  readonly asOf?: IsoDate;
  /** Value and its highest so far; 1 at the start. */
  readonly value: number;
  readonly peak: number;
  /** Value and peak at the last bars, oldest first: a fill that is reported late counts from the value at its own bar. */
  readonly recent?: readonly PathPoint[];
  /** Trades reported for a bar that has not been seen yet. */
  readonly pending?: Fill;
}

/** Bars that a late fill may lie back; an older one counts from the oldest of them. */
const RECENT_BARS = 30;

interface PathPoint {
  readonly asOf: IsoDate;
  readonly value: number;
  readonly peak: number;
}

interface Fill {
  readonly asOf: IsoDate;
  readonly holdings: readonly { readonly instrument: string; readonly weight: number; readonly price: number }[];
  readonly realisedCost?: number;
}

export function startPath(anchorWeights: Readonly<Record<string, number>>): PortfolioPath {
  const holdings = Object.keys(anchorWeights)
    .sort()
    .map((id) => ({ id, weight: anchorWeights[id] }));
  return { holdings, prices: {}, value: 1, peak: 1 };
}

/** Loss from the peak, 0 at a new high. */
export function drawdownOf({ value, peak }: PortfolioPath): number {
  return 1 - value / peak;
}

/** Carries value and weights to the closes of the next bar. Trades of that bar are not in it yet: see `settlePending`. */
export function advancePath(path: PortfolioPath, asOf: IsoDate, closes: ReadonlyMap<string, number>): PortfolioPath {
  const before = path.pending && path.pending.asOf < asOf ? settle(path, path.pending) : path;
  const moved = move(before, (id) => closes.get(id));
  const point = { asOf, value: moved.value, peak: moved.peak };
  const recent = [...(before.recent ?? []), point].slice(-RECENT_BARS);
  return { ...moved, prices: { ...before.prices, ...Object.fromEntries(closes) }, asOf, recent };
}

/**
 * Lets trades that were reported before their bar take effect, after the bar's budget has been set: so a budget does not
 * depend on which message came first, the bar or the answer of the order system.
 */
export function settlePending(path: PortfolioPath): PortfolioPath {
  const { pending, asOf } = path;
  return pending && asOf !== undefined && pending.asOf <= asOf ? settle(path, pending) : path;
}

/** Takes the order system's final answer; it counts from the bar it is about. */
export function applyStatus(path: PortfolioPath, status: AllocationStatusReported): PortfolioPath {
  if (status.status !== 'done' || !status.holdings) return path;
  const fill: Fill = {
    asOf: status.asOf,
    holdings: status.holdings,
    ...(status.realisedCost !== undefined && { realisedCost: status.realisedCost }),
  };
  return path.asOf !== undefined && fill.asOf <= path.asOf ? settle(path, fill) : { ...path, pending: fill };
}

function settle(path: PortfolioPath, fill: Fill): PortfolioPath {
  const { pending: _taken, ...rest } = path;
  const cost = fill.realisedCost ?? 0; // an order system that reports no cost is taken at its word
  const from = pointOf(path, fill.asOf);
  const value = from.value * (1 - cost);
  const filled: PortfolioPath = {
    ...rest,
    value,
    peak: Math.max(from.peak, value),
    holdings: fill.holdings.map(({ instrument, weight }) => ({ id: instrument, weight })),
    prices: { ...path.prices, ...Object.fromEntries(fill.holdings.map((h) => [h.instrument, h.price])) },
  };
  return { ...move(filled, (id) => path.prices[id]), prices: path.prices };
}

/** Value at the bar that a fill is about: what the old holdings did after it did not happen. */
function pointOf(path: PortfolioPath, asOf: IsoDate): Pick<PathPoint, 'value' | 'peak'> {
  const { recent } = path;
  if (recent === undefined || path.asOf === undefined || asOf >= path.asOf) return path;
  return recent.findLast((point) => point.asOf <= asOf) ?? recent[0];
}

/** Weights and value at new prices; an instrument without a price on both sides keeps its value. */
function move(path: PortfolioPath, closeOf: (id: string) => number | undefined): PortfolioPath {
  const growth = path.holdings.map(({ id, weight }) => {
    const before = path.prices[id];
    const after = closeOf(id);
    return before === undefined || after === undefined ? weight : (weight * after) / before;
  });
  const total = growth.reduce((sum, value) => sum + value, 0);
  invariant(total > 0, () => `the portfolio is worth ${total}; its value must stay above 0`);
  const value = path.value * total;
  return {
    ...path,
    value,
    peak: Math.max(path.peak, value),
    holdings: path.holdings.map(({ id }, i) => ({ id, weight: growth[i] / total })),
  };
}
