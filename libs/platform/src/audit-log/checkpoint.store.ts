import type { EntityManager } from 'typeorm';
import {
  fromHex,
  checkpointText,
  consistencyPath,
  ED25519_TYPE,
  formatNote,
  isSignedBy,
  keyIdOf,
  parseNote,
  signatureLine,
  type VerifierKey,
} from '@allostat/kernel';
import { verifyEd25519, type SigningKey } from '../signing/signing-key';
import type { AuditHead } from './audit-head';
import { readRanges } from './read-nodes';

/** Name and key of the log: what its checkpoints are signed with. */
export interface AuditLogIdentity {
  readonly origin: string;
  readonly key: SigningKey;
}

export function logVerifierKey({ origin, key }: AuditLogIdentity): VerifierKey {
  return { name: origin, type: ED25519_TYPE, publicKey: key.publicKey };
}

/** Signs what the log is now and keeps it; returns the signed note. */
export async function saveCheckpoint(
  manager: EntityManager,
  { size, root }: AuditHead,
  {
    identity,
    at,
    successor,
  }: {
    readonly identity: AuditLogIdentity;
    readonly at: string;
    /** The key that comes after that of the identity signs too. */
    readonly successor?: SigningKey;
  },
): Promise<string> {
  const text = checkpointText({ origin: identity.origin, size, root: fromHex(root) });
  const signatures = [identity.key, ...(successor ? [successor] : [])].map((key) => {
    const verifier = logVerifierKey({ origin: identity.origin, key });
    return { name: verifier.name, keyId: keyIdOf(verifier), signature: key.sign(Buffer.from(text, 'utf8')) };
  });
  const note = formatNote({ text, signatures });
  await manager.query('insert into audit_checkpoint (size, root, note, at) values ($1, $2, $3, $4)', [
    size,
    Buffer.from(root, 'hex'),
    note,
    at,
  ]);
  return note;
}

export interface StoredCheckpoint {
  readonly size: number;
  /** Signed note, with the co-signatures of witnesses. */
  readonly note: string;
}

/** The latest checkpoint, or the first that covers `atLeast` records; with all co-signatures. */
export async function findCheckpoint(manager: EntityManager, atLeast?: number): Promise<StoredCheckpoint | undefined> {
  const rows: { size: string; note: string; lines: string }[] = await manager.query(
    `select c.size, c.note,
       coalesce((select string_agg(s.line, '' order by s.witness) from audit_cosignature s where s.size = c.size), '') as lines
     from audit_checkpoint c where $1::bigint is null or c.size >= $1
     order by case when $1::bigint is null then -c.size else c.size end limit 1`,
    [atLeast ?? null],
  );
  return rows.map(({ size, note, lines }) => ({ size: Number(size), note: note + lines }))[0];
}

/** Proof that the log of `from` records is the beginning of that of `to`. */
export async function consistencyProof(manager: EntityManager, from: number, to: number): Promise<Uint8Array[]> {
  return from === 0 ? [] : readRanges(manager, consistencyPath(from, to));
}

/**
 * Adds a witness's line to a checkpoint when it is good; says whether it is. The same line twice changes nothing.
 */
export async function addCosignature(
  manager: EntityManager,
  { size, line }: { readonly size: number; readonly line: string },
  witness: VerifierKey,
): Promise<boolean> {
  const rows: { note: string }[] = await manager.query('select note from audit_checkpoint where size = $1', [size]);
  const signed = rows[0] && parseNote(rows[0].note + line);
  const [own] = signed?.signatures.slice(-1) ?? [];
  if (!signed || own?.name !== witness.name || signatureLine(own) !== line) return false;
  if (!isSignedBy({ ...signed, signatures: [own] }, witness, verifyEd25519)) return false;
  await manager.query(
    'insert into audit_cosignature (size, witness, line) values ($1, $2, $3) on conflict do nothing',
    [size, witness.name, line],
  );
  return true;
}
