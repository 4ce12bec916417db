import type { GovernanceAlarmMoved } from '../events';
import { acknowledgeAlarm, raiseAlarm, repeatAlarm } from './alarm';

const at = (minute: number): string => new Date(Date.UTC(2024, 0, 1, 0, minute)).toISOString();
const wish = {
  kind: 'instruction-unacknowledged',
  subject: 'i-1',
  mandateId: 'balanced',
  text: 'not answered',
} as const;
const told = (step: Omit<GovernanceAlarmMoved, 'sequence'>, sequence = 1): GovernanceAlarmMoved => ({
  ...step,
  sequence,
});
const raised = told(raiseAlarm(wish, at(0)));

it('one alarm stands for one subject: raised twice it has one id', () => {
  expect(raiseAlarm(wish, at(5)).alarmId).toBe(raised.alarmId);
  expect(raiseAlarm({ ...wish, subject: 'i-2' }, at(0)).alarmId).not.toBe(raised.alarmId);
  expect(raised.severity).toBe('critical');
  expect(raiseAlarm({ ...wish, kind: 'rubber-stamp' }, at(0)).severity).toBe('warning');
});

it('calls again every quarter of an hour, until a person has it in hand', () => {
  expect(repeatAlarm([raised], at(14))).toBeUndefined();
  const again = repeatAlarm([raised], at(15));
  expect(again).toMatchObject({ step: 'repeated', raisedAt: at(0), at: at(15) });
  const history = [raised, told(again as GovernanceAlarmMoved, 2)];
  expect(repeatAlarm(history, at(29))).toBeUndefined();
  expect(repeatAlarm(history, at(30))).toMatchObject({ step: 'repeated' });
  const taken = acknowledgeAlarm(history, { actor: 'olga', reason: 'the desk is asked' }, at(31));
  expect(taken).toMatchObject({ step: 'acknowledged', actor: 'olga', reason: 'the desk is asked', raisedAt: at(0) });
  expect(repeatAlarm([...history, told(taken, 3)], at(99))).toBeUndefined();
});

it('is taken in hand once, by a person, with a reason', () => {
  const by = { actor: 'olga', reason: 'the desk is asked' };
  expect(() => acknowledgeAlarm([raised], { ...by, actor: 'service:governance' }, at(1))).toThrow(/not a person/);
  expect(() => acknowledgeAlarm([raised], { ...by, reason: 'ok' }, at(1))).toThrow(/a reason of at least/);
  const taken = told(acknowledgeAlarm([raised], by, at(1)), 2);
  expect(() => acknowledgeAlarm([raised, taken], by, at(2))).toThrow(/olga has acknowledged this alarm/);
});
