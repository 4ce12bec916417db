import type { EntityManager } from 'typeorm';
import {
  canonicalJson,
  toHex,
  toInstant,
  toUtf8,
  isSignedBy,
  MerkleEdge,
  merkleLeaf,
  parseCheckpoint,
  parseNote,
  type NewNode,
  type VerifierKey,
} from '@allostat/kernel';
import { verifyEd25519 } from '../signing/signing-key';
import { auditReference } from './append-audit';
import type { AuditRecordEntity } from './audit-record.entity';
import { keysOf, readRotations, type LogKeys } from './key-rotation';
import type { AuditedBook, LogEntry } from './audited-book';

export interface AuditVerification {
  readonly size: number;
  /** Root of the Merkle tree over the records that hold, hexadecimal. */
  readonly root: string;
  readonly verified: boolean;
  /** Checkpoints that agree with the records. */
  readonly checkpoints: number;
  /** Stretches in which not even a heartbeat was recorded although heartbeats had begun: the service was down, or leaves are missing. */
  readonly silences: readonly Silence[];
  /** First entry that does not hold, and why. */
  readonly firstBad?: { readonly sequence: number; readonly reason: string };
}

export interface Silence {
  /** Sequence of the record after the silence. */
  readonly sequence: number;
  readonly from: string;
  readonly to: string;
}

export interface VerifyAuditOptions {
  /**
   * Public key of the log, the present one or one before it; without it checkpoints are compared with the records, but not
   * their signatures.
   */
  readonly logKey?: VerifierKey;
  /** What the log tells of tables, and how they are compared with it. */
  readonly book: AuditedBook;
}

const PAGE = 2_000;

interface CheckpointRow {
  readonly size: number;
  readonly root: Buffer;
  readonly note: string;
}

/**
 * Recomputes the whole log - records, columns, tree, checkpoints - and then compares every audited table with what the
 * log tells of it. Names the first entry that does not hold, or the entry that tells of the first row that strayed.
 */
export async function verifyAudit(manager: EntityManager, options: VerifyAuditOptions): Promise<AuditVerification> {
  const { logKey } = options;
  const rotations = logKey ? await readRotations(manager, logKey.name) : [];
  const keys = logKey && keysOf(rotations, logKey);
  const checkpoints = await checkpointRows(manager);
  const walk = new LogWalk(manager, [...checkpoints], { options, ...(keys && { keys }) });
  const reason = await walk.run();
  const { edge, matched } = walk;
  const result = { size: edge.size, root: toHex(edge.root), checkpoints: matched, silences: walk.silences };
  if (reason !== undefined) return { ...result, verified: false, firstBad: { sequence: edge.size + 1, reason } };
  const unsigned = rotations.find(({ sequence }) => !checkpoints.some(({ size }) => size === sequence));
  if (unsigned) {
    const { sequence } = unsigned;
    return {
      ...result,
      verified: false,
      firstBad: { sequence, reason: 'no checkpoint vouches for the change of key' },
    };
  }
  const strayed = await walk.book.strayRow(manager);
  return strayed ? { ...result, verified: false, firstBad: strayed } : { ...result, verified: true };
}

/** Goes through the records in order and stops at the first that does not hold. */
class LogWalk {
  edge = MerkleEdge.empty;
  matched = 0;
  readonly silences: Silence[] = [];
  readonly book: AuditedBook;
  private heartbeat: { readonly at: string; readonly everySeconds: number } | undefined;

  constructor(
    private readonly manager: EntityManager,
    private readonly checkpoints: CheckpointRow[],
    private readonly trust: { readonly options: VerifyAuditOptions; readonly keys?: LogKeys },
  ) {
    this.book = trust.options.book;
  }

  async run(): Promise<string | undefined> {
    for (;;) {
      const rows = await this.page();
      const nodes: NewNode[] = [];
      let fault: string | undefined;
      for (const row of rows) {
        fault = recordFault(row, this.edge.size + 1);
        if (fault !== undefined) break;
        const appended = this.edge.append(row.leafHash);
        fault = this.checkpointFault(appended.edge);
        if (fault !== undefined) break;
        nodes.push(...appended.nodes);
        this.edge = appended.edge;
        const entry = { ...(JSON.parse(row.record) as LogEntry), sequence: Number(row.sequence) };
        this.book.take(entry);
        this.listen(entry);
      }
      fault = (await this.nodeFault(nodes)) ?? fault;
      if (fault !== undefined) return fault;
      if (rows.length < PAGE) break;
    }
    const [ahead] = this.checkpoints;
    return ahead && `the log ends at ${this.edge.size}; a checkpoint says that it had ${ahead.size} entries`;
  }

  /** Heartbeats come at the steady times that they name; three missing in a row are a silence. */
  private listen({ sequence, action, at, body }: LogEntry): void {
    if (action !== 'log.heartbeat') return;
    const everySeconds = body.everySeconds as number;
    const last = this.heartbeat;
    if (last && Date.parse(at) - Date.parse(last.at) > 3000 * last.everySeconds) {
      this.silences.push({ sequence, from: last.at, to: at });
    }
    this.heartbeat = { at, everySeconds };
  }

  private page(): Promise<AuditRecordEntity[]> {
    return this.manager.query(
      `select sequence, at, actor, action, subject, reference, record, leaf_hash as "leafHash"
       from audit_record where sequence > $1 order by sequence limit $2`,
      [this.edge.size, PAGE],
    );
  }

  /** A checkpoint of this size must have this root and the log's signature. */
  private checkpointFault({ size, root }: MerkleEdge): string | undefined {
    const { keys, options } = this.trust;
    if (this.checkpoints[0]?.size !== size) return undefined;
    const { root: kept, note } = this.checkpoints.shift() as CheckpointRow;
    const signed = parseNote(note);
    const said = signed && parseCheckpoint(signed.text);
    if (!signed || !said) return `the checkpoint of ${size} entries is out of form`;
    if (options.logKey && !keys?.at(size).every((key) => isSignedBy(signed, key, verifyEd25519)))
      return `the checkpoint of ${size} entries is not signed by the log`;
    if (said.size !== size || [said.root, kept].some((value) => toHex(value) !== toHex(root))) {
      return `the checkpoint of ${size} entries has another root: this entry or one before it was changed`;
    }
    this.matched++;
    return undefined;
  }

  /** Nodes that the new records completed must be those that are stored, and no others. */
  private async nodeFault(nodes: readonly NewNode[]): Promise<string | undefined> {
    if (nodes.length === 0) return undefined;
    const rows: { level: number; index: string; hash: Buffer }[] = await this.manager.query(
      `select n.level, n.index, n.hash from audit_node n
       join unnest($1::int[], $2::bigint[]) as i (level, index) on n.level = i.level and n.index = i.index`,
      [nodes.map(({ level }) => level), nodes.map(({ index }) => index)],
    );
    const stored = new Map(rows.map(({ level, index, hash }) => [`${level}/${index}`, toHex(hash)]));
    const bad = nodes.find(({ level, index, hash }) => stored.get(`${level}/${index}`) !== toHex(hash));
    if (!bad) return undefined;
    // the records below the node are good, so it is the node; the walk stands at the first record that it covers
    this.edge = await this.edgeBefore(bad);
    return `node ${bad.index} of level ${bad.level} of the tree is not that of its records`;
  }

  private async edgeBefore({ level, index }: NewNode): Promise<MerkleEdge> {
    let edge = MerkleEdge.empty;
    const until = index * 2 ** level;
    const rows: { leaf: Buffer }[] = await this.manager.query(
      'select leaf_hash as leaf from audit_record where sequence <= $1 order by sequence',
      [until],
    );
    for (const { leaf } of rows) edge = edge.append(leaf).edge;
    return edge;
  }
}

async function checkpointRows(manager: EntityManager): Promise<CheckpointRow[]> {
  const rows: { size: string; root: Buffer; note: string }[] = await manager.query(
    'select size, root, note from audit_checkpoint order by size',
  );
  return rows.map(({ size, root, note }) => ({ size: Number(size), root, note }));
}

function recordFault(row: AuditRecordEntity, sequence: number): string | undefined {
  if (Number(row.sequence) !== sequence) return `entry ${sequence} is missing, the next one is ${row.sequence}`;
  if (toHex(merkleLeaf(toUtf8(row.record))) !== toHex(row.leafHash)) return 'the record is not the one that was hashed';
  const record = JSON.parse(row.record) as Record<string, unknown> & { body: Record<string, unknown> };
  if (canonicalJson(record) !== row.record) return 'the record is not in canonical form';
  const columns = { at: toInstant(row.at.getTime()), actor: row.actor, action: row.action, subject: row.subject };
  for (const [column, value] of Object.entries(columns)) {
    if (record[column] !== value) return `column ${column} differs from the record`;
  }
  return auditReference(record) === row.reference ? undefined : 'column reference differs from the record';
}
