import { AggregateStore, type UnitStage } from '@allostat/platform';
import {
  decideRegime,
  initialRegimeState,
  type DomainEvent,
  type RegimeModelLoaded,
  type RegimeState,
  type SignalSnapshotPublished,
} from '@allostat/pipeline';

/** The regime of a universe: filter state, kept under the universe's id, and the decision on each snapshot. */
export const REGIME_STAGE: UnitStage<RegimeState, SignalSnapshotPublished | RegimeModelLoaded, DomainEvent> = {
  states: new AggregateStore<RegimeState>({ name: 'regime' }),
  initial: initialRegimeState,
  decide: decideRegime,
};
