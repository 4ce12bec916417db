import type { EntityManager } from 'typeorm';
import { deterministicId } from '@allostat/kernel';
import type { DomainEvent } from '@allostat/pipeline';
import { appendAudit, LOGGER, type Logger, type RunningStage, type UnitRunner } from '@allostat/platform';
import { CommandCauses } from '../command-cause';
import { auditHead, type AuditHead } from './audit.store';
import { findCheckpoint, saveCheckpoint, type AuditLogIdentity } from './checkpoint.store';
import { requireInForce } from './key-rotation';

const EVERY_MS = 400;
const TURN = `select pg_try_advisory_xact_lock(hashtextextended('allostat audit checkpoint ' || current_schema(), 0)) as mine`;

/** Signs, keeps and publishes the log as it is, when it has grown since the last checkpoint. Returns its size then. */
export async function publishCheckpoint(
  units: UnitRunner<DomainEvent>,
  identity: AuditLogIdentity,
  now: string,
): Promise<number | undefined> {
  return units.run(async (unit) => {
    const signed = await signGrown(unit.manager, identity, now);
    if (!signed) return undefined;
    const { size, root, note } = signed;
    const id = deterministicId('audit-checkpoint', identity.origin, String(size));
    unit.publish([{ type: 'AuditCheckpointed', log: identity.origin, size, root, note }], {
      id,
      type: 'timer',
      source: 'governance',
      time: now,
      correlationId: id,
    });
    return size;
  });
}

/** Signs and keeps the log as it is, when it has grown since the last checkpoint. */
export async function signCheckpoint(
  units: UnitRunner<DomainEvent>,
  identity: AuditLogIdentity,
  now: string,
): Promise<void> {
  await units.run((unit) => signGrown(unit.manager, identity, now));
}

async function signGrown(
  manager: EntityManager,
  identity: AuditLogIdentity,
  now: string,
): Promise<(AuditHead & { readonly note: string }) | undefined> {
  const [{ mine }]: { mine: boolean }[] = await manager.query(TURN);
  if (!mine) return undefined;
  const { size, root } = await auditHead(manager);
  const last = await findCheckpoint(manager);
  if (size === 0 || last?.size === size) return undefined;
  await requireInForce(manager, identity);
  return { size, root, note: await saveCheckpoint(manager, { size, root }, { identity, at: now }) };
}

/** Says that the log is alive: with a leaf at steady times, silence is evidence too. */
export async function recordHeartbeat(
  units: UnitRunner<DomainEvent>,
  { origin }: AuditLogIdentity,
  { now, everySeconds }: { readonly now: string; readonly everySeconds: number },
): Promise<void> {
  await units.run(async (unit) =>
    appendAudit(unit, [
      {
        type: 'AuditRecord',
        at: now,
        actor: 'service:governance',
        action: 'log.heartbeat',
        subject: `log:${origin}`,
        body: { everySeconds },
      },
    ]),
  );
}

const HEARTBEAT_SECONDS = 60;

/** Records a heartbeat a minute; not for replays, whose time is not that of the clock. Returns how to stop. */
export function keepHeartbeats(stage: RunningStage<DomainEvent>, identity: AuditLogIdentity): () => void {
  const causes = stage.get<CommandCauses>(CommandCauses);
  const logger = stage.get<Logger>(LOGGER);
  const timer = setInterval(() => {
    recordHeartbeat(stage.units, identity, { now: causes.now(), everySeconds: HEARTBEAT_SECONDS }).catch(
      (error: unknown) => logger.warn({ error }, 'no heartbeat could be recorded; the gap will show in the audit log'),
    );
  }, HEARTBEAT_SECONDS * 1000);
  return () => clearInterval(timer);
}

/** Keeps the checkpoint less than a second behind the log; returns how to stop, after a last one. */
export function keepCheckpoints(stage: RunningStage<DomainEvent>, identity: AuditLogIdentity): () => Promise<void> {
  const causes = stage.get<CommandCauses>(CommandCauses);
  const logger = stage.get<Logger>(LOGGER);
  const once = async (): Promise<void> => {
    try {
      await publishCheckpoint(stage.units, identity, causes.now());
    } catch (error) {
      logger.warn({ error }, 'the audit log could not be checkpointed; it is tried again');
    }
  };
  let running: Promise<void> = Promise.resolve();
  let busy = false;
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    running = once().finally(() => (busy = false));
  }, EVERY_MS);
  return async () => {
    clearInterval(timer);
    await running;
    await once();
  };
}
