import { fuseSignals, initialFusion, type Fusion, type FusionState } from '@allostat/quant';
import type { SignalSnapshotPublished } from './events';

/** Signals that are fused into the equity view: slow enough to foretell a month, and free of unit changes. */
const FUSED = [
  { name: 'momentum.average.12m1', family: 'momentum' },
  { name: 'return.equity.126d', family: 'momentum' },
  { name: 'trend.equity', family: 'trend' },
  { name: 'trend.breadth', family: 'trend' },
  { name: 'volatility.equity', family: 'volatility' },
  { name: 'correlation.average', family: 'correlation' },
  { name: 'correlation.stock-bond', family: 'correlation' },
  { name: 'turbulence', family: 'turbulence' },
  { name: 'drawdown.equity', family: 'drawdown' },
  { name: 'macro.policy-rate.change6m', family: 'macro' },
  { name: 'macro.credit-spread.change6m', family: 'macro' },
  { name: 'sentiment.news', family: 'sentiment' },
] as const;

export function initialSnapshotFusion(): FusionState {
  return initialFusion(FUSED);
}

/**
 * Fuses the signals of a snapshot into one view of the equity proxy over the next month, with the contribution of each.
 * Uses only snapshots so far.
 */
export function fuseSnapshot(
  state: FusionState,
  snapshot: Omit<SignalSnapshotPublished, 'fusion'>,
): { readonly state: FusionState; readonly fusion: Fusion } {
  const values = new Map(snapshot.signals.map((signal) => [signal.name, signal.value]));
  return fuseSignals(
    state,
    FUSED,
    FUSED.map(({ name }) => values.get(name)),
    values.get('return.equity.1d'),
  );
}
