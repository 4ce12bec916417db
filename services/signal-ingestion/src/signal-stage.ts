import { AggregateStore, type UnitStage } from '@allostat/platform';
import {
  decideSignals,
  initialSignalState,
  type SignalInput,
  type SignalOutput,
  type SignalState,
} from '@allostat/pipeline';

/** The signals of a universe: its state, kept under the universe's id, and the decision on each of its events. */
export const SIGNAL_STAGE: UnitStage<SignalState, SignalInput, SignalOutput> = {
  states: new AggregateStore<SignalState>({ name: 'signals' }),
  initial: initialSignalState,
  decide: decideSignals,
};
