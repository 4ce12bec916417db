import {
  AlertActionSchema,
  AlertOutcomeSchema,
  AlertSeveritySchema,
  AlertStepSchema,
  CriticalSilenceSchema,
  RegimeAlertHandledSchema,
  RegimeAlertMovedSchema,
  RegimeSchema,
} from '@allostat/contracts';
import type { RegimeAlertHandled, RegimeAlertMoved } from '@allostat/pipeline';
import { eventMapper } from './event-mapper';
import { enumNumber, optional } from './field-reader';
import { regimeCauses } from './regime-causes';

export const regimeAlertMoved = eventMapper({
  type: 'RegimeAlertMoved',
  topic: 'regime.alert.v1',
  schema: RegimeAlertMovedSchema,
  key: (event) => event.universeId,
  toWire: (event) => ({
    ...event,
    sequence: BigInt(event.sequence),
    step: enumNumber(AlertStepSchema, event.step),
    severity: enumNumber(AlertSeveritySchema, event.severity),
    from: enumNumber(RegimeSchema, event.from),
    to: enumNumber(RegimeSchema, event.to),
    causes: event.causes.map((cause) => ({ ...cause })),
    flip: { ...event.flip },
    comparable: event.comparable.map((episode) => ({
      ...episode,
      from: enumNumber(RegimeSchema, episode.from),
      to: enumNumber(RegimeSchema, episode.to),
      outcome: enumNumber(AlertOutcomeSchema, episode.outcome),
    })),
  }),
  fromWire: (message, read) => {
    const flip = read.present('flip', message.flip);
    return {
      type: 'RegimeAlertMoved',
      universeId: read.text('universe_id', message.universeId),
      sequence: read.safeInteger('sequence', message.sequence),
      dedupKey: read.text('dedup_key', message.dedupKey),
      step: read.enumName<RegimeAlertMoved['step']>('step', AlertStepSchema, message.step),
      severity: read.enumName<RegimeAlertMoved['severity']>('severity', AlertSeveritySchema, message.severity),
      asOf: read.date('as_of', message.asOf),
      from: read.enumName('from', RegimeSchema, message.from),
      to: read.enumName('to', RegimeSchema, message.to),
      probability: read.between('probability', message.probability, 0, 1),
      causes: regimeCauses(message.causes, read),
      flip: {
        ...optional('bars', flip.bars),
        ...optional('feature', flip.feature),
        ...optional('sigmas', flip.sigmas, (value) => read.finite('flip.sigmas', value)),
      },
      comparable: message.comparable.map((episode) => ({
        from: read.enumName('comparable.from', RegimeSchema, episode.from),
        to: read.enumName('comparable.to', RegimeSchema, episode.to),
        since: read.date('comparable.since', episode.since),
        ended: read.date('comparable.ended', episode.ended),
        outcome: read.enumName('comparable.outcome', AlertOutcomeSchema, episode.outcome),
      })),
      silenced: message.silenced,
      ...optional('owner', message.owner),
      modelVersion: read.text('model_version', message.modelVersion),
    };
  },
});

export const regimeAlertHandled = eventMapper({
  type: 'RegimeAlertHandled',
  topic: 'regime.alert.v1',
  schema: RegimeAlertHandledSchema,
  key: (event) => event.universeId,
  toWire: ({ critical, ...event }) => ({
    ...event,
    sequence: BigInt(event.sequence),
    action: enumNumber(AlertActionSchema, event.action),
    ...optional('critical', critical, (step) => enumNumber(CriticalSilenceSchema, step)),
  }),
  fromWire: (message, read) => ({
    type: 'RegimeAlertHandled',
    universeId: read.text('universe_id', message.universeId),
    sequence: read.safeInteger('sequence', message.sequence),
    dedupKey: read.text('dedup_key', message.dedupKey),
    action: read.enumName<RegimeAlertHandled['action']>('action', AlertActionSchema, message.action),
    actor: read.text('actor', message.actor),
    reason: read.text('reason', message.reason),
    at: read.instant('at', message.at),
    ...optional('assignee', message.assignee),
    ...optional('until', message.until, (value) => read.instant('until', value)),
    ...optional('critical', message.critical, (value) =>
      read.enumName<'proposed' | 'confirmed'>('critical', CriticalSilenceSchema, value),
    ),
  }),
});
