import type { EntityManager } from 'typeorm';
import { AllostatError, formatVerifierKey, parseVerifierKey, type VerifierKey } from '@allostat/kernel';
import type { SigningKey } from '../signing/signing-key';
import type { LogRecord } from './append-audit';
import { appendAuditNow } from './audit-head';
import { logVerifierKey, saveCheckpoint, type AuditLogIdentity } from './checkpoint.store';

const ROTATED = 'log.key-rotated';

/** From the record of this sequence on, `to` signs in the place of `from`. */
export interface KeyRotation {
  readonly sequence: number;
  readonly from: VerifierKey;
  readonly to: VerifierKey;
}

/** Thrown when the log is signed with another key than the one that is in force: it was changed, or is not that of the log. */
class KeyNotInForceError extends AllostatError {}

const subjectOf = (origin: string): string => `log-key:${origin}`;

/** Changes of a log's key, in order, as the log tells of them. */
export async function readRotations(manager: EntityManager, origin: string): Promise<KeyRotation[]> {
  const rows: { sequence: string; record: string }[] = await manager.query(
    'select sequence, record from audit_record where subject = $1 and action = $2 order by sequence',
    [subjectOf(origin), ROTATED],
  );
  return rows.flatMap(({ sequence, record }) => {
    const { body } = JSON.parse(record) as LogRecord;
    const [from, to] = [parseVerifierKey(String(body.from)), parseVerifierKey(String(body.to))];
    return from && to ? [{ sequence: Number(sequence), from, to }] : [];
  });
}

/**
 * Puts another key in the place of the log's. Both sign the checkpoint that covers the record of it: who trusts one of
 * them can from then on trust the other. Says whether anything was left to do.
 */
export async function rotateKey(
  manager: EntityManager,
  identity: AuditLogIdentity,
  to: SigningKey,
  by: { readonly at: string; readonly actor: string; readonly reason: string },
): Promise<boolean> {
  const { origin } = identity;
  const next = logVerifierKey({ origin, key: to });
  const inForce = (await readRotations(manager, origin)).at(-1)?.to;
  if (inForce && isSameKey(inForce, next)) return false;
  await requireInForce(manager, identity);
  const { at, actor, reason } = by;
  const body = { from: formatVerifierKey(logVerifierKey(identity)), to: formatVerifierKey(next), reason };
  const subject = subjectOf(origin);
  const head = await appendAuditNow(manager, [{ type: 'AuditRecord', at, actor, action: ROTATED, subject, body }]);
  await saveCheckpoint(manager, head, { identity, at, successor: to });
  return true;
}

/** Refuses to sign with a key that the log has given up: a service that still runs with it would split the log. */
export async function requireInForce(manager: EntityManager, identity: AuditLogIdentity): Promise<void> {
  const inForce = (await readRotations(manager, identity.origin)).at(-1)?.to;
  if (!inForce || isSameKey(inForce, logVerifierKey(identity))) return;
  throw new KeyNotInForceError(
    'AUDIT.KEY_NOT_IN_FORCE',
    `the key of the log ${identity.origin} was changed to ${formatVerifierKey(inForce)}`,
    'start the service again with the key that is in force',
  );
}

/** Which key signs at which size, given one that the reader trusts. Undefined when that one is none of the log's. */
export function keysOf(rotations: readonly KeyRotation[], trusted: VerifierKey): LogKeys | undefined {
  if (rotations.length === 0) return { at: () => [trusted] };
  const chained = rotations.every(({ from }, i) => i === 0 || isSameKey(from, rotations[i - 1].to));
  const known = [rotations[0].from, ...rotations.map(({ to }) => to)].some((key) => isSameKey(key, trusted));
  if (!chained || !known) return undefined;
  return {
    at: (size) => {
      const change = rotations.find(({ sequence }) => sequence === size);
      if (change) return [change.from, change.to];
      const before = rotations.findLast(({ sequence }) => sequence < size);
      return [before?.to ?? rotations[0].from];
    },
  };
}

export interface LogKeys {
  /** Keys that must all have signed the checkpoint of a size. */
  at(size: number): readonly VerifierKey[];
}

function isSameKey(a: VerifierKey, b: VerifierKey): boolean {
  return formatVerifierKey(a) === formatVerifierKey(b);
}
