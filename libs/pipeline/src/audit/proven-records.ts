import {
  canonicalJson,
  fromHex,
  inclusionFault,
  isSignedBy,
  merkleLeaf,
  parseCheckpoint,
  parseNote,
  toUtf8,
  type Checkpoint,
  type VerifierKey,
  type VerifyEd25519,
} from '@allostat/kernel';

/** A record of the audit log with the proof that the checkpoint covers it. */
export interface ProvenRecord {
  /** From 1. */
  readonly sequence: number;
  /** The canonical JSON that was hashed. */
  readonly record: string;
  /** Siblings from the leaf to the root, hexadecimal. */
  readonly proof: readonly string[];
}

/** Records with the signed checkpoint that covers them: what every receipt is made of. */
export interface ProvenRecords {
  readonly records: readonly ProvenRecord[];
  /** Signed note. */
  readonly checkpoint: string;
}

/** Whom a reader of receipts trusts. */
export interface ReceiptTrust {
  readonly logKey: VerifierKey;
  readonly witnessKeys?: readonly VerifierKey[];
  /** Witnesses that must have co-signed. Default 0. */
  readonly quorum?: number;
  readonly verify: VerifyEd25519;
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

export interface ReceiptEntry {
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The verification that failed for this reason. */
export function refused(fault: string): ReceiptVerification {
  return { verified: false, fault, witnesses: [], story: [] };
}

/** Checks signature, witnesses and inclusion of every record, and then what `storyFault` says of them together. */
export function verifyRecords(
  { records, checkpoint: text }: ProvenRecords,
  { logKey, witnessKeys = [], quorum = 0, verify }: ReceiptTrust,
  storyFault: (entries: readonly ReceiptEntry[]) => string | undefined,
): ReceiptVerification {
  const note = parseNote(text);
  const checkpoint = note && parseCheckpoint(note.text);
  if (!note || !checkpoint) return refused('the checkpoint is out of form');
  if (checkpoint.origin !== logKey.name || !isSignedBy(note, logKey, verify)) {
    return refused(`the checkpoint is not signed by the log ${logKey.name}`);
  }
  const witnesses = witnessKeys.filter((key) => isSignedBy(note, key, verify)).map(({ name }) => name);
  if (witnesses.length < quorum) return refused(`${witnesses.length} witnesses have signed, ${quorum} are needed`);
  const entries: ReceiptEntry[] = [];
  let last = 0;
  for (const [k, { sequence, record, proof }] of records.entries()) {
    if (sequence <= last) return refused(`record ${k + 1} does not come after the one before it`);
    last = sequence;
    const fault = inclusionFault({
      index: sequence - 1,
      size: checkpoint.size,
      leaf: merkleLeaf(toUtf8(record)),
      proof: proof.map(fromHex),
      root: checkpoint.root,
    });
    if (fault !== undefined) return refused(`record ${sequence}: ${fault}`);
    const entry = parseEntry(record);
    if (entry === undefined) return refused(`record ${sequence} is not an audit record in canonical form`);
    entries.push(entry);
  }
  const fault = storyFault(entries);
  if (fault !== undefined) return { ...refused(fault), checkpoint };
  const story = entries.map(({ at, actor, action }) => ({ at, actor, action }));
  return { verified: true, checkpoint, witnesses, story };
}

function parseEntry(record: string): ReceiptEntry | undefined {
  try {
    const value = JSON.parse(record) as ReceiptEntry & { readonly type: string };
    if (canonicalJson(value) !== record || value.type !== 'AuditRecord') return undefined;
    const { at, actor, action, subject, body } = value;
    return { at, actor, action, subject, body };
  } catch {
    // a record that is no JSON proves nothing: the caller says which
    return undefined;
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a value has the records and the checkpoint of a receipt, in their form. */
export function hasProvenRecords(value: Readonly<Record<string, unknown>>): boolean {
  const { records, checkpoint } = value;
  return (
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
