import type { EntityManager } from 'typeorm';
import type { DomainEvent } from '@allostat/pipeline';
import { appendAudit, type UnitOfWork } from '@allostat/platform';

/** Tables of the registry, all of them ledgers, with their keys. */
export const REGISTRY_LEDGERS = [
  { name: 'model_version', key: ['model', 'version'] },
  { name: 'model_alias', key: ['id'] },
  { name: 'model_state', key: ['id'] },
  { name: 'model_change', key: ['change_id'] },
  { name: 'model_change_decision', key: ['change_id', 'actor'] },
] as const;
export type RegistryLedger = (typeof REGISTRY_LEDGERS)[number]['name'];

/** A row as Postgres writes it in JSON, times in UTC. */
export type LedgerRow = Readonly<Record<string, unknown>>;

const IN_UTC = `select set_config('TimeZone', 'UTC', true)`;
/** Action of the records that tell of rows: this and the name of the ledger. */
export const LEDGER_ACTION = 'registry.';

/** Inserts a row into a ledger of the registry and tells of it, as it is stored, in the registry's audit log. */
export async function insertLedgerRow(
  unit: UnitOfWork<DomainEvent>,
  ledger: RegistryLedger,
  values: Readonly<Record<string, unknown>>,
  { at, actor }: { readonly at: string; readonly actor: string },
): Promise<void> {
  const columns = Object.keys(values);
  const { manager } = unit;
  await manager.query(IN_UTC);
  const [{ row }]: { row: LedgerRow }[] = await manager.query(
    `insert into ${ledger} as l (${columns.join(', ')}) values (${columns.map((_, i) => `$${i + 1}`).join(', ')})
     returning to_jsonb(l) as row`,
    Object.values(values),
  );
  appendAudit(unit, [ledgerRecord(ledger, row, { at, actor })]);
}

/** What the log tells of a row. */
export function ledgerRecord(
  ledger: RegistryLedger,
  row: LedgerRow,
  by: { readonly at: string; readonly actor: string },
) {
  const { model, change_id: change } = row;
  const subject = typeof model === 'string' ? `model:${model}` : `model-change:${String(change)}`;
  return { type: 'AuditRecord', ...by, action: `${LEDGER_ACTION}${ledger}`, subject, body: row } as const;
}

/** Every row of a ledger, in the order of its key. */
export async function readLedger(manager: EntityManager, ledger: RegistryLedger): Promise<LedgerRow[]> {
  const { key } = REGISTRY_LEDGERS.find(({ name }) => name === ledger) as (typeof REGISTRY_LEDGERS)[number];
  await manager.query(IN_UTC);
  const rows: { row: LedgerRow }[] = await manager.query(
    `select to_jsonb(l) as row from ${ledger} l order by ${key.join(', ')}`,
  );
  return rows.map(({ row }) => row);
}
