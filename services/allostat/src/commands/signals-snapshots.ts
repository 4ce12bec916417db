import { decideSignals, initialSignalState, latestKnown, type SignalSnapshotPublished } from '@allostat/pipeline';
import { startProgress } from '../cli/progress';
import { noteSetAside, type PriceHistory } from './signals-history';

/** The snapshots of a history, cut by the live `decideSignals`, oldest first; what it sets aside is told on stderr. */
export function snapshotsOf({ universe, deliveries }: PriceHistory): SignalSnapshotPublished[] {
  const progress = startProgress();
  const snapshots: SignalSnapshotPublished[] = [];
  const setAside: { rule: string; reason: string }[] = [];
  let { state } = decideSignals({ type: 'UniverseVersioned', universe }, initialSignalState(), {
    now: latestKnown(deliveries[0]),
  });
  for (const [i, delivery] of deliveries.entries()) {
    const decision = decideSignals(delivery, state, { now: latestKnown(delivery) });
    state = decision.state;
    for (const event of decision.events) {
      if (event.type === 'SignalSnapshotPublished') snapshots.push(event);
      else if (event.type === 'SnapshotRefused') setAside.push({ rule: 'coverage', reason: event.reason });
      else setAside.push(event);
    }
    if (i % 100 === 0) progress.update(i, deliveries.length, 'signals');
  }
  progress.stop();
  noteSetAside(setAside);
  return snapshots;
}
