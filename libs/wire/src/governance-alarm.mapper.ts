import {
  GovernanceAlarmKindSchema,
  GovernanceAlarmSeveritySchema,
  GovernanceAlarmStepSchema,
  GovernanceAlarmMovedSchema,
} from '@allostat/contracts';
import type { GovernanceAlarmMoved } from '@allostat/pipeline';
import { eventMapper } from './event-mapper';
import { enumNumber, optional } from './field-reader';

/** One stream: its readers see the alarms of all mandates in one order. */
const STREAM = 'governance';

export const governanceAlarmMoved = eventMapper({
  type: 'GovernanceAlarmMoved',
  topic: 'governance.alarm.v1',
  schema: GovernanceAlarmMovedSchema,
  key: () => STREAM,
  toWire: (event) => ({
    ...event,
    sequence: BigInt(event.sequence),
    step: enumNumber(GovernanceAlarmStepSchema, event.step),
    kind: enumNumber(GovernanceAlarmKindSchema, event.kind),
    severity: enumNumber(GovernanceAlarmSeveritySchema, event.severity),
  }),
  fromWire: (message, read) => ({
    type: 'GovernanceAlarmMoved',
    sequence: read.safeInteger('sequence', message.sequence),
    alarmId: read.text('alarm_id', message.alarmId),
    step: read.enumName<GovernanceAlarmMoved['step']>('step', GovernanceAlarmStepSchema, message.step),
    kind: read.enumName<GovernanceAlarmMoved['kind']>('kind', GovernanceAlarmKindSchema, message.kind),
    severity: read.enumName<GovernanceAlarmMoved['severity']>(
      'severity',
      GovernanceAlarmSeveritySchema,
      message.severity,
    ),
    subject: read.text('subject', message.subject),
    ...optional('mandateId', message.mandateId),
    text: read.text('text', message.text),
    raisedAt: read.instant('raised_at', message.raisedAt),
    at: read.instant('at', message.at),
    ...optional('actor', message.actor),
    ...optional('reason', message.reason),
  }),
});
