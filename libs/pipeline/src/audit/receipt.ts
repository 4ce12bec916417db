import { canonicalJson, fromHex, sha256Hex, toHex, toUtf8 } from '@allostat/kernel';
import { parseCheckpoint, type Checkpoint } from './checkpoint';
import { merkleLeaf } from './merkle-tree';
import { isSignedBy, parseNote, type VerifierKey, type VerifyEd25519 } from './signed-note';
import { inclusionFault } from './verify-proofs';

export const RECEIPT_FORMAT = 'allostat-receipt/1';

/** A record of the audit log with the proof that the checkpoint covers it. */
export interface ProvenRecord {
  /** From 1. */
  readonly sequence: number;
  /** The canonical JSON that was hashed. */
  readonly record: string;
  /** Siblings from the leaf to the root, hexadecimal. */
  readonly proof: readonly string[];
}

/**
 * Everything about one decision in one file: the proposal with the hashes of its inputs, every record from its arrival to the
 * order system's answer, and the signed checkpoint that covers them. Who holds the log's public key needs nothing else.
 */
export interface DecisionReceipt {
  readonly format: typeof RECEIPT_FORMAT;
  readonly proposalId: string;
  readonly proposal: Readonly<Record<string, unknown>>;
  /** The instruction as the order system got it, when one was released. */
  readonly instruction: Readonly<Record<string, unknown>> | null;
  readonly records: readonly ProvenRecord[];
  /** Signed note. */
  readonly checkpoint: string;
}

export interface ReceiptVerification {
  readonly verified: boolean;
  /** What does not hold, first of all. */
  readonly fault?: string;
  readonly checkpoint?: Checkpoint;
  /** Names of witnesses whose co-signature was checked. */
  readonly witnesses: readonly string[];
  /** What the records say, in order. */
  readonly story: readonly { readonly at: string; readonly actor: string; readonly action: string }[];
}

interface Entry {
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Checks a receipt against public keys, offline. `value` is whatever the file held. */
export function verifyReceipt(
  value: unknown,
  options: {
    readonly logKey: VerifierKey;
    readonly witnessKeys?: readonly VerifierKey[];
    /** Witnesses that must have co-signed. Default 0. */
    readonly quorum?: number;
    readonly verify: VerifyEd25519;
  },
): ReceiptVerification {
  const failed = (fault: string): ReceiptVerification => ({ verified: false, fault, witnesses: [], story: [] });
  if (!isReceipt(value)) return failed(`the file is not a receipt of the form ${RECEIPT_FORMAT}`);
  const note = parseNote(value.checkpoint);
  const checkpoint = note && parseCheckpoint(note.text);
  if (!note || !checkpoint) return failed('the checkpoint is out of form');
  const { logKey, witnessKeys = [], quorum = 0, verify } = options;
  if (checkpoint.origin !== logKey.name || !isSignedBy(note, logKey, verify)) {
    return failed(`the checkpoint is not signed by the log ${logKey.name}`);
  }
  const witnesses = witnessKeys.filter((key) => isSignedBy(note, key, verify)).map(({ name }) => name);
  if (witnesses.length < quorum) return failed(`${witnesses.length} witnesses have signed, ${quorum} are needed`);
  const entries: Entry[] = [];
  let last = 0;
  for (const [k, { sequence, record, proof }] of value.records.entries()) {
    if (sequence <= last) return failed(`record ${k + 1} does not come after the one before it`);
    last = sequence;
    const fault = inclusionFault({
      index: sequence - 1,
      size: checkpoint.size,
      leaf: merkleLeaf(toUtf8(record)),
      proof: proof.map(fromHex),
      root: checkpoint.root,
    });
    if (fault !== undefined) return failed(`record ${sequence}: ${fault}`);
    const entry = parseEntry(record);
    if (entry === undefined) return failed(`record ${sequence} is not an audit record in canonical form`);
    entries.push(entry);
  }
  const fault = storyFault(value, entries);
  if (fault !== undefined) return { ...failed(fault), checkpoint };
  return {
    verified: true,
    checkpoint,
    witnesses,
    story: entries.map(({ at, actor, action }) => ({ at, actor, action })),
  };
}

/** Why proposal, decisions and instruction do not belong together, or undefined when they do. */
function storyFault(
  { proposalId, proposal, instruction }: DecisionReceipt,
  entries: readonly Entry[],
): string | undefined {
  const contentHash = sha256Hex(canonicalJson(proposal));
  if (proposal.proposalId !== proposalId) return 'the proposal is another one';
  const opened = entries.find(({ action }) => action === 'review.opened');
  if (opened?.body.proposalId !== proposalId) return 'the record that opened the review is missing';
  if (opened.body.contentHash !== contentHash) return 'the proposal is not the one that was reviewed';
  const approvals = entries.filter(({ action }) => action === 'review.approve');
  const signers = new Set(approvals.map(({ actor }) => actor));
  if (approvals.some(({ body }) => body.contentHash !== contentHash || body.proposalId !== proposalId)) {
    return 'an approval is about another content';
  }
  if (signers.has(String(opened.body.maker))) return 'the maker is among those who approved';
  if (instruction === null) return undefined;
  const needed = Number(opened.body.requiredApprovals);
  if (!(signers.size >= needed)) return `${signers.size} people approved, ${opened.body.requiredApprovals} are needed`;
  const { type, auditHash, ...content } = instruction;
  if (type !== 'AllocationReleased') return 'the instruction is of another type';
  const released = entries.find(({ action }) => action === 'instruction.released');
  if (released === undefined) return 'the record of the release is missing';
  if (canonicalJson(released.body) !== canonicalJson(content))
    return 'the instruction is not the one that was released';
  if (content.contentHash !== contentHash) return 'the instruction is about another content';
  const leaf = toHex(merkleLeaf(toUtf8(canonicalJson({ type: 'AuditRecord', ...released }))));
  return auditHash === leaf ? undefined : 'the instruction names another record as its proof';
}

function parseEntry(record: string): (Entry & { readonly subject: string }) | undefined {
  try {
    const value = JSON.parse(record) as Entry & { readonly type: string; readonly subject: string };
    if (canonicalJson(value) !== record || value.type !== 'AuditRecord') return undefined;
    const { at, actor, action, subject, body } = value;
    return { at, actor, action, subject, body };
  } catch {
    // a record that is no JSON proves nothing: the caller says which
    return undefined;
  }
}

function isReceipt(value: unknown): value is DecisionReceipt {
  const isObject = (v: unknown): v is Record<string, unknown> =>
    typeof v === 'object' && v !== null && !Array.isArray(v);
  if (!isObject(value) || value.format !== RECEIPT_FORMAT) return false;
  const { proposalId, proposal, instruction, records, checkpoint } = value;
  const known = ['format', 'proposalId', 'proposal', 'instruction', 'records', 'checkpoint'];
  return (
    Object.keys(value).every((key) => known.includes(key)) &&
    typeof proposalId === 'string' &&
    isObject(proposal) &&
    (instruction === null || isObject(instruction)) &&
    typeof checkpoint === 'string' &&
    Array.isArray(records) &&
    records.every(
      (r: unknown) =>
        isObject(r) &&
        Object.keys(r).length === 3 &&
        typeof r.sequence === 'number' &&
        typeof r.record === 'string' &&
        Array.isArray(r.proof) &&
        r.proof.every((hash: unknown) => typeof hash === 'string' && /^[0-9a-f]{64}$/.test(hash)),
    )
  );
}
