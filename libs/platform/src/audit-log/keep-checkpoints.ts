import type { EntityManager } from 'typeorm';
import { deterministicId } from '@allostat/kernel';
import type { Logger } from '../logs/logger';
import type { Envelope } from '../messaging/envelope';
import { LOGGER } from '../stage/runtime';
import type { RunningStage } from '../stage/start-stage';
import { appendAudit } from './append-audit';
import { auditHead, type AuditHead } from './audit-head';
import { findCheckpoint, saveCheckpoint, type AuditLogIdentity } from './checkpoint.store';
import { requireInForce } from './key-rotation';

const EVERY_MS = 400;
const HEARTBEAT_SECONDS = 60;
const TURN = `select pg_try_advisory_xact_lock(hashtextextended('allostat audit checkpoint ' || current_schema(), 0)) as mine`;

/** What is published of a checkpoint. */
interface AuditCheckpointed extends AuditHead {
  readonly type: 'AuditCheckpointed';
  /** Name of the log. */
  readonly log: string;
  readonly note: string;
}

/** Units of a service that has an audit log. */
interface LogUnits {
  run<T>(work: (unit: LogUnit) => Promise<T>): Promise<T>;
}

interface LogUnit {
  readonly manager: EntityManager;
  atCommit(statement: string): void;
  publish(events: readonly AuditCheckpointed[], cause: Envelope): void;
}

/** The running service whose log it is, the log's name and key, and the time that counts for it. */
export interface KeptLog {
  readonly stage: Pick<RunningStage, 'name' | 'get'> & { readonly units: LogUnits };
  readonly identity: AuditLogIdentity;
  readonly now: () => string;
}

/** Signs, keeps and publishes the log as it is, when it has grown since the last checkpoint. Returns its size then. */
export async function publishCheckpoint(
  units: LogUnits,
  identity: AuditLogIdentity,
  { service, now }: { readonly service: string; readonly now: string },
): Promise<number | undefined> {
  return units.run(async (unit) => {
    const { manager } = unit;
    const [{ mine }]: { mine: boolean }[] = await manager.query(TURN);
    if (!mine) return undefined;
    const { size, root } = await auditHead(manager);
    const last = await findCheckpoint(manager);
    if (size === 0 || last?.size === size) return undefined;
    await requireInForce(manager, identity);
    const note = await saveCheckpoint(manager, { size, root }, { identity, at: now });
    const id = deterministicId('audit-checkpoint', identity.origin, String(size));
    unit.publish([{ type: 'AuditCheckpointed', log: identity.origin, size, root, note }], {
      id,
      type: 'timer',
      source: service,
      time: now,
      correlationId: id,
    });
    return size;
  });
}

/** Says that the log is alive: with a leaf at steady times, silence is evidence too. */
export async function recordHeartbeat(
  units: LogUnits,
  { origin }: AuditLogIdentity,
  { service, now, everySeconds }: { readonly service: string; readonly now: string; readonly everySeconds: number },
): Promise<void> {
  await units.run(async (unit) =>
    appendAudit(unit, [
      {
        type: 'AuditRecord',
        at: now,
        actor: `service:${service}`,
        action: 'log.heartbeat',
        subject: `log:${origin}`,
        body: { everySeconds },
      },
    ]),
  );
}

/** Records a heartbeat a minute; not for replays, whose time is not that of the clock. Returns how to stop. */
export function keepHeartbeats({ stage, identity, now }: KeptLog): () => void {
  const logger = stage.get<Logger>(LOGGER);
  const timer = setInterval(() => {
    const beat = { service: stage.name, now: now(), everySeconds: HEARTBEAT_SECONDS };
    recordHeartbeat(stage.units, identity, beat).catch((error: unknown) =>
      logger.warn({ error }, 'no heartbeat could be recorded; the gap will show in the audit log'),
    );
  }, HEARTBEAT_SECONDS * 1000);
  return () => clearInterval(timer);
}

/** Keeps the checkpoint less than a second behind the log; returns how to stop, after a last one. */
export function keepCheckpoints({ stage, identity, now }: KeptLog): () => Promise<void> {
  const logger = stage.get<Logger>(LOGGER);
  const once = async (): Promise<void> => {
    try {
      await publishCheckpoint(stage.units, identity, { service: stage.name, now: now() });
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
