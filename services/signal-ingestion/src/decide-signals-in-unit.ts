import type { DomainEvent, SignalInput, SignalOutput } from '@allostat/pipeline';
import type { Envelope, UnitOfWork } from '@allostat/platform';
import { recordFindings } from './quarantine/quarantine.store';
import { SIGNAL_STAGE } from './signal-stage';

/** Decides on one event of a universe, and keeps what was set aside beside the state and the messages. */
export async function decideSignalsInUnit(
  universeId: string,
  event: SignalInput,
  { unit, envelope }: { readonly unit: UnitOfWork<DomainEvent>; readonly envelope: Envelope },
): Promise<readonly SignalOutput[]> {
  const { states, initial, decide } = SIGNAL_STAGE;
  const before = await states.load(unit, universeId, initial);
  const { state, events } = await decide(event, before, { now: envelope.time });
  if (state !== before) states.save(unit, universeId, state);
  unit.publish(events, envelope);
  await recordFindings(unit.manager, events, envelope);
  return events;
}
