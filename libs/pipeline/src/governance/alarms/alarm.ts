import { deterministicId, type Instant } from '@allostat/kernel';
import type { GovernanceAlarmMoved } from '../events';
import { GovernanceRefusal } from '../refusal';
import { requirePerson, requireReason } from '../review/sign';

/** What somebody must be told of. */
export const ALARM_KINDS = [
  'instruction-unacknowledged',
  'book-not-reported',
  'books-differ',
  'review-waits',
  'rubber-stamp',
  'allocation-infeasible',
  'people-file-broken',
] as const;
export type AlarmKind = (typeof ALARM_KINDS)[number];

/** Which of them call a person at once. */
const CRITICAL: readonly AlarmKind[] = [
  'instruction-unacknowledged',
  'book-not-reported',
  'books-differ',
  'allocation-infeasible',
  'people-file-broken',
];

/** Minutes after which an alarm that nobody has acknowledged calls again. */
export const REPEAT_AFTER_MINUTES = 15;

export interface AlarmWish {
  readonly kind: AlarmKind;
  /** What it is about: an instruction, a review, a person; one alarm a kind and subject. */
  readonly subject: string;
  readonly mandateId?: string;
  readonly text: string;
}

/** Everything that was told of one alarm, oldest first; never empty. */
export type AlarmHistory = readonly GovernanceAlarmMoved[];

export function alarmIdOf({ kind, subject }: Pick<AlarmWish, 'kind' | 'subject'>): string {
  return deterministicId('alarm', kind, subject);
}

/** The first step of an alarm; its place in the stream is given where it is kept. */
export function raiseAlarm(wish: AlarmWish, now: Instant): Omit<GovernanceAlarmMoved, 'sequence'> {
  const { kind, subject, mandateId, text } = wish;
  return {
    type: 'GovernanceAlarmMoved',
    alarmId: alarmIdOf(wish),
    step: 'raised',
    kind,
    severity: CRITICAL.includes(kind) ? 'critical' : 'warning',
    subject,
    ...(mandateId !== undefined && { mandateId }),
    text,
    raisedAt: now,
    at: now,
  };
}

/** The call again of an alarm that waits too long; undefined while it does not. */
export function repeatAlarm(history: AlarmHistory, now: Instant): Omit<GovernanceAlarmMoved, 'sequence'> | undefined {
  const last = history[history.length - 1];
  if (last.step === 'acknowledged') return undefined;
  if (Date.parse(now) - Date.parse(last.at) < REPEAT_AFTER_MINUTES * 60_000) return undefined;
  return { ...withoutSequence(last), step: 'repeated', at: now };
}

/** A person has it in hand: it does not call again. */
export function acknowledgeAlarm(
  history: AlarmHistory,
  by: { readonly actor: string; readonly reason: string },
  now: Instant,
): Omit<GovernanceAlarmMoved, 'sequence'> {
  requirePerson(by.actor);
  requireReason(by.reason);
  const last = history[history.length - 1];
  if (last.step === 'acknowledged') {
    throw new GovernanceRefusal(
      'GOVERNANCE.ALARM_ACKNOWLEDGED',
      `${last.actor} has acknowledged this alarm at ${last.at}`,
      'nothing is left to do; see `allostat alarm list`',
    );
  }
  return { ...withoutSequence(last), ...by, step: 'acknowledged', at: now };
}

function withoutSequence({
  sequence: _sequence,
  ...rest
}: GovernanceAlarmMoved): Omit<GovernanceAlarmMoved, 'sequence'> {
  return rest;
}
