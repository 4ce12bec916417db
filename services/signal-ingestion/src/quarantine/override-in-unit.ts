import { deterministicId, type Instant } from '@allostat/kernel';
import { revisionKey, type DomainEvent, type ObservationOverridden, type OverrideAction } from '@allostat/pipeline';
import type { UnitOfWork } from '@allostat/platform';
import { decideSignalsInUnit } from '../decide-signals-in-unit';
import { readNewest, recordObservations } from '../observation.store';
import { SIGNAL_STAGE } from '../signal-stage';
import { recordOverride, type QuarantineCase } from './quarantine.store';

/** What a person says about a case. */
export interface OverrideOrder {
  readonly action: OverrideAction;
  /** The value to put in its place; with `correct` only. */
  readonly value?: number;
  readonly reason: string;
}

/** Applies a person's word on a case: a revision in the store, the state of the signals and the events, together or not at all. */
export async function overrideInUnit(
  unit: UnitOfWork<DomainEvent>,
  { id, finding, overrides }: QuarantineCase,
  { action, value, reason }: OverrideOrder,
  { actor, at }: { readonly actor: string; readonly at: Instant },
): Promise<ObservationOverridden> {
  const { universeId, observation: before, rule } = finding;
  const cause = deterministicId('override', id, actor, at, String(overrides.length));
  const envelope = {
    id: cause,
    type: 'OverrideObservation',
    source: 'signal-ingestion',
    time: at,
    correlationId: cause,
  };
  // the state's row is locked before the revision is numbered: two people's words follow each other
  await SIGNAL_STAGE.states.load(unit, universeId, SIGNAL_STAGE.initial);
  const newest = await readNewest(unit.manager, [before.seriesId]);
  const stored = newest.get(revisionKey(before.seriesId, before.eventTime, before.kind));
  const { value: delivered, revision: _revision, knownTime: _known, origin, ...about } = before;
  const given = action === 'release' ? delivered : value;
  const observation = {
    ...about,
    revision: Math.max(before.revision, stored?.revision ?? before.revision) + 1, // not stored: the finding's own
    knownTime: at,
    ...(given !== undefined && { value: given }),
    // a released value still comes from its row; a corrected one comes from a person
    ...(action === 'release' ? origin !== undefined && { origin } : { origin: { file: `override:${id}`, row: 0 } }),
  };
  const order = {
    type: 'OverrideObservation',
    universeId,
    findingId: id,
    action,
    observation,
    rule,
    actor,
    reason,
  } as const;
  const events = await decideSignalsInUnit(
    universeId,
    { ...order, ...(delivered !== undefined && { replaced: delivered }) },
    { unit, envelope },
  );
  const [event] = events.filter((told) => told.type === 'ObservationOverridden');
  await recordObservations(unit.manager, [observation]);
  await recordOverride(unit.manager, event);
  return event;
}
