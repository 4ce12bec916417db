import { DEFAULT_REGIME_FEATURES, NAMING_FEATURES, type RegimeFeatures } from '@allostat/quant';
import type { SignalSnapshotPublished } from '../signal-ingestion/events';

const USED: ReadonlySet<string> = new Set([...DEFAULT_REGIME_FEATURES, ...Object.values(NAMING_FEATURES)]);

/**
 * What a regime model may see of a snapshot, in training and live alike: the one-bar returns of the proxies and the slow
 * signals that name states. Undefined when the snapshot has none of the returns.
 */
export function regimeFeatures(snapshot: SignalSnapshotPublished): RegimeFeatures | undefined {
  const values: Record<string, number> = {};
  for (const { name, value } of snapshot.signals) if (value !== undefined && USED.has(name)) values[name] = value;
  if (!DEFAULT_REGIME_FEATURES.some((name) => name in values)) return undefined;
  return { asOf: snapshot.asOf, values };
}
