import {
  acknowledgeAlarm,
  alarmIdOf,
  raiseAlarm,
  repeatAlarm,
  type AlarmWish,
  type DomainEvent,
  type GovernanceAlarmMoved,
} from '@allostat/pipeline';
import type { Envelope, UnitOfWork } from '@allostat/platform';
import { recordOf, recordOutputs } from '../govern-in-unit';
import { alarmHistory, appendAlarm, lockAlarms } from './alarm.store';

type Unit = UnitOfWork<DomainEvent>;

/** Raises an alarm, unless it was raised before: stream, audit record and event in the caller's unit. */
export async function raiseInUnit(unit: Unit, wish: AlarmWish, cause: Envelope): Promise<void> {
  await lockAlarms(unit.manager);
  const history = await alarmHistory(unit.manager, alarmIdOf(wish));
  if (history.length > 0) return;
  await tell(unit, raiseAlarm(wish, cause.time), 'service:governance', cause);
}

/** Calls again for an alarm that nobody has acknowledged in time. */
export async function repeatInUnit(unit: Unit, alarmId: string, cause: Envelope): Promise<void> {
  await lockAlarms(unit.manager);
  const step = repeatAlarm(await alarmHistory(unit.manager, alarmId), cause.time);
  if (step) await tell(unit, step, 'service:governance', cause);
}

/** A person takes an alarm in hand, which there is. */
export async function acknowledgeInUnit(
  unit: Unit,
  alarmId: string,
  by: { readonly actor: string; readonly reason: string },
  cause: Envelope,
): Promise<GovernanceAlarmMoved> {
  await lockAlarms(unit.manager);
  const history = await alarmHistory(unit.manager, alarmId);
  return tell(unit, acknowledgeAlarm(history, by, cause.time), by.actor, cause);
}

async function tell(
  unit: Unit,
  step: Omit<GovernanceAlarmMoved, 'sequence'>,
  actor: string,
  cause: Envelope,
): Promise<GovernanceAlarmMoved> {
  const told = await appendAlarm(unit.manager, step);
  const { type: _type, ...body } = told;
  const record = recordOf(step.at, actor, `alarm.${step.step}`, `alarm:${step.alarmId}`, body);
  recordOutputs(unit, [record, told], cause);
  return told;
}
