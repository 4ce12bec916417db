import type { AggregateStore } from '../aggregate/aggregate-store';
import type { Envelope } from '../messaging/envelope';
import type { TypedEvent } from '../messaging/event-codec';
import type { Decision } from '../threads/decision-threads';
import type { UnitOfWork } from './unit-of-work';

/** A pure decision on one kind of aggregate, with the store that keeps its states. */
export interface UnitStage<State, Input, Output> {
  readonly states: AggregateStore<State>;
  readonly initial: () => State;
  readonly decide: (
    event: Input,
    state: State,
    context: { readonly now: string },
  ) => Decision<State, Output> | Promise<Decision<State, Output>>;
}

/**
 * Loads the state of `key`, decides, saves the next state and publishes the events, all in the caller's unit.
 * The decision's `now` is the business time of the message that caused it.
 */
export async function decideInUnit<State, Input, Output extends E, E extends TypedEvent>(
  stage: UnitStage<State, Input, Output>,
  key: string,
  event: Input,
  { unit, envelope }: { readonly unit: UnitOfWork<E>; readonly envelope: Envelope },
): Promise<State> {
  const before = await stage.states.load(unit, key, stage.initial);
  const { state, events } = await stage.decide(event, before, { now: envelope.time });
  if (state !== before) stage.states.save(unit, key, state);
  unit.publish(events, envelope);
  return state;
}
