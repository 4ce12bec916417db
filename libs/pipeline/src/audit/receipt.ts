import { canonicalJson, merkleLeaf, sha256Hex, toHex, toUtf8 } from '@allostat/kernel';
import {
  hasProvenRecords,
  isObject,
  refused,
  verifyRecords,
  type ProvenRecords,
  type ReceiptEntry,
  type ReceiptTrust,
  type ReceiptVerification,
} from './proven-records';

export const RECEIPT_FORMAT = 'allostat-receipt/1';

/**
 * Everything about one decision in one file: the proposal with the hashes of its inputs, every record from its arrival to the
 * order system's answer, and the signed checkpoint that covers them. Who holds the log's public key needs nothing else.
 */
export interface DecisionReceipt extends ProvenRecords {
  readonly format: typeof RECEIPT_FORMAT;
  readonly proposalId: string;
  readonly proposal: Readonly<Record<string, unknown>>;
  /** The instruction as the order system got it, when one was released. */
  readonly instruction: Readonly<Record<string, unknown>> | null;
}

/** Checks a receipt against public keys, offline. `value` is whatever the file held. */
export function verifyReceipt(value: unknown, trust: ReceiptTrust): ReceiptVerification {
  if (!isReceipt(value)) return refused(`the file is not a receipt of the form ${RECEIPT_FORMAT}`);
  return verifyRecords(value, trust, (entries) => storyFault(value, entries));
}

/** Why proposal, decisions and instruction do not belong together, or undefined when they do. */
function storyFault(
  { proposalId, proposal, instruction }: DecisionReceipt,
  entries: readonly ReceiptEntry[],
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

function isReceipt(value: unknown): value is DecisionReceipt {
  if (!isObject(value) || value.format !== RECEIPT_FORMAT) return false;
  const { proposalId, proposal, instruction } = value;
  const known = ['format', 'proposalId', 'proposal', 'instruction', 'records', 'checkpoint'];
  return (
    Object.keys(value).every((key) => known.includes(key)) &&
    typeof proposalId === 'string' &&
    isObject(proposal) &&
    (instruction === null || isObject(instruction)) &&
    hasProvenRecords(value)
  );
}
