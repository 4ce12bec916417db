import { MODEL_RECEIPT_FORMAT, type ModelReceipt } from '@allostat/pipeline';
import { proveRecords } from '@allostat/platform';
import type { EntityManager } from 'typeorm';
import { LEDGER_ACTION } from './ledger-row';

/** Everything about one change of an alias with its proofs, or undefined while no checkpoint covers it, or for none of ours. */
export async function buildModelReceipt(manager: EntityManager, changeId: string): Promise<ModelReceipt | undefined> {
  const [change]: { model: string; version: string }[] = await manager.query(
    'select model, version from model_change where change_id = $1',
    [changeId],
  );
  if (!change) return undefined;
  const rows: { sequence: string; record: string }[] = await manager.query(
    `select sequence, record from (
       select sequence, record, action, record::jsonb -> 'body' as body from audit_record
       where subject in ($1, $2) and action like $3
     ) told
     where body ->> 'change_id' = $4 or body ->> 'approval_id' = $4
       or (action = $5 and body ->> 'version' = $6)
     order by sequence`,
    [
      `model:${change.model}`,
      `model-change:${changeId}`,
      `${LEDGER_ACTION}%`,
      changeId,
      `${LEDGER_ACTION}model_version`,
      change.version,
    ],
  );
  const proven = await proveRecords(manager, rows);
  return proven && { format: MODEL_RECEIPT_FORMAT, changeId, ...proven };
}
