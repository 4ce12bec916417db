import { canonicalJson } from '@allostat/kernel';
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

export const MODEL_RECEIPT_FORMAT = 'allostat-model-receipt/1';

/**
 * Everything about one change of a model's alias in one file: the row of its version, the change, each decision, and, once
 * it was approved, the row that moved the alias, under the signed checkpoint that covers them.
 */
export interface ModelReceipt extends ProvenRecords {
  readonly format: typeof MODEL_RECEIPT_FORMAT;
  readonly changeId: string;
}

type Row = Readonly<Record<string, unknown>>;
/** Names of the rows that a record of the registry's log may tell of, behind `registry.`. */
const LEDGERS = ['model_version', 'model_change', 'model_change_decision', 'model_alias', 'model_state'] as const;

/** Checks a receipt of a change in the model registry against public keys, offline. `value` is whatever the file held. */
export function verifyModelReceipt(value: unknown, trust: ReceiptTrust): ReceiptVerification {
  if (!isModelReceipt(value)) return refused(`the file is not a receipt of the form ${MODEL_RECEIPT_FORMAT}`);
  return verifyRecords(value, trust, (entries) => storyFault(value.changeId, entries));
}

/** Why version, change, decisions and alias do not belong together, or undefined when they do. */
function storyFault(changeId: string, entries: readonly ReceiptEntry[]): string | undefined {
  const rows = (ledger: (typeof LEDGERS)[number]): Row[] =>
    entries.filter(({ action }) => action === `registry.${ledger}`).map(({ body }) => body);
  const stray = entries.find(({ action }) => !LEDGERS.some((ledger) => action === `registry.${ledger}`));
  if (stray) return `a record is about something else: ${stray.action}`;
  const [change, ...others] = rows('model_change');
  if (change?.change_id !== changeId || others.length > 0) return 'the record of the change is missing or not alone';
  const [version, ...versions] = rows('model_version');
  if (!isAbout(version, change) || versions.length > 0) return 'the record of its version is missing or not alone';
  if (canonicalJson(version.developers) !== canonicalJson(change.developers)) {
    return 'the change names other developers than the version';
  }
  const decisions = rows('model_change_decision');
  if (decisions.some((row) => row.change_id !== changeId || row.content_hash !== change.content_hash)) {
    return 'a decision is about another content';
  }
  const signers = new Set(decisions.filter(({ decision }) => decision === 'approve').map(({ actor }) => actor));
  const hands = [change.maker, ...(change.developers as readonly unknown[])];
  if (hands.some((person) => signers.has(person))) return 'a maker or developer is among those who approved';
  if (rows('model_state').some((row) => !isAbout(row, change))) return 'a state is that of another version';
  const [alias, ...aliases] = rows('model_alias');
  if (!alias) return undefined;
  if (aliases.length > 0 || alias.approval_id !== changeId || !isAbout(alias, change) || alias.alias !== change.alias) {
    return 'the alias was moved by another change';
  }
  const needed = Number(change.required_approvals);
  return signers.size >= needed ? undefined : `${signers.size} people approved, ${needed} are needed`;
}

function isAbout(row: Row | undefined, change: Row): row is Row {
  return row !== undefined && row.model === change.model && row.version === change.version;
}

function isModelReceipt(value: unknown): value is ModelReceipt {
  if (!isObject(value) || value.format !== MODEL_RECEIPT_FORMAT) return false;
  const known = ['format', 'changeId', 'records', 'checkpoint'];
  return (
    Object.keys(value).every((key) => known.includes(key)) &&
    typeof value.changeId === 'string' &&
    hasProvenRecords(value)
  );
}
