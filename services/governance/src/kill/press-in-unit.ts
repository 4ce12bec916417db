import {
  engagedScopes,
  pressKillSwitch,
  type AuditRecord,
  type DomainEvent,
  type EngagedScope,
  type PressKillSwitch,
} from '@allostat/pipeline';
import { appendAudit, appendAuditNow, type Envelope, type UnitOfWork } from '@allostat/platform';
import { countReleased, holdUnsent, insertKillEntry, lockForPress, readKillEntries, sendHeld } from './kill.store';

export interface Pressed {
  readonly scope: string;
  readonly engaged: readonly EngagedScope[];
  /** Instructions that had not left and are kept back, and those that a re-arming sent after all. */
  readonly held: number;
  readonly sent: number;
  /** Instructions of the scope that had left before: the order system says which of them it could still stop. */
  readonly released: number;
}

/** Presses the switch in the caller's unit: after its commit no release in the scope commits, and nothing unsent leaves. */
export async function pressInUnit(
  unit: UnitOfWork<DomainEvent>,
  press: PressKillSwitch,
  cause: Envelope,
): Promise<Pressed> {
  const { manager } = unit;
  await lockForPress(manager);
  const before = await readKillEntries(manager);
  const { entry, fact } = pressKillSwitch(press, before, cause.time);
  const id = await insertKillEntry(manager, entry);
  const engaged = engagedScopes([...before, entry]);
  const held = entry.action === 'engage' ? await holdUnsent(manager, entry.scope) : 0;
  const released = await countReleased(manager, entry.scope);
  const sent = fact?.engaged === false ? await sendHeld(manager, engaged) : 0;
  const record: AuditRecord = {
    type: 'AuditRecord',
    at: cause.time,
    actor: entry.actor,
    action: `kill.${entry.action}`,
    subject: `kill:${entry.scope}`,
    body: { ...entry, id, held, sent, released },
  };
  const { size, root } = await appendAuditNow(manager, [record]);
  unit.publish([...(fact ? [fact] : []), { type: 'AuditCheckpointed', log: 'governance', size, root }], cause);
  return { scope: entry.scope, engaged, held, sent, released };
}

/** Stops a mandate that releases again and again, until two people have looked. */
export async function latchExecution(unit: UnitOfWork<DomainEvent>, mandateId: string, cause: Envelope): Promise<void> {
  const entry = {
    scope: `mandate:${mandateId}`,
    action: 'engage',
    actor: 'service:governance',
    reason: 'repeated execution: the limit of releases a day is reached',
    at: cause.time,
    drill: false,
  } as const;
  const id = await insertKillEntry(unit.manager, entry);
  const { scope, actor, reason, at } = entry;
  const record = {
    type: 'AuditRecord',
    at,
    actor,
    action: 'kill.engage',
    subject: `kill:${scope}`,
    body: { ...entry, id },
  } as const;
  appendAudit(unit, [record]);
  unit.publish([{ type: 'KillSwitchEngaged', scope, engaged: true, actor, reason, at }], cause);
}
