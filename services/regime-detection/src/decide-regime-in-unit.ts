import type { DomainEvent, RegimeInput } from '@allostat/pipeline';
import type { Envelope, UnitOfWork } from '@allostat/platform';
import { recordAlerts } from './alerts/alert.store';
import { REGIME_STAGE } from './regime-stage';

/** Decides on one event of a universe, and keeps the alerts it tells beside the state and the messages. */
export async function decideRegimeInUnit(
  universeId: string,
  event: RegimeInput,
  { unit, envelope }: { readonly unit: UnitOfWork<DomainEvent>; readonly envelope: Envelope },
): Promise<void> {
  const { states, initial, decide } = REGIME_STAGE;
  const before = await states.load(unit, universeId, initial);
  const { state, events } = await decide(event, before, { now: envelope.time });
  if (state !== before) states.save(unit, universeId, state);
  unit.publish(events, envelope);
  await recordAlerts(unit.manager, events, envelope.time);
}
