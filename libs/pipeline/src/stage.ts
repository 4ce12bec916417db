import type { Instant } from '@allostat/kernel';

/** What a decision may know beyond its event and its state. */
export interface DecisionContext {
  /** Business time: when the event that is decided on became known. Never the wall clock. */
  readonly now: Instant;
}

/** What a stage makes of one event: its next state, and the facts it publishes, in order. */
export interface Decision<State, Output> {
  readonly state: State;
  readonly events: readonly Output[];
}

/** A stage's whole behaviour. Pure: the same event and state give the same decision, bit for bit. */
export type Decide<State, Input, Output> = (
  event: Input,
  state: State,
  context: DecisionContext,
) => Decision<State, Output>;
