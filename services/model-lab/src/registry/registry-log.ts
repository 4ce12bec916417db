import type { VerifierKey } from '@allostat/kernel';
import {
  strayAmong,
  type AuditedBook,
  type AuditLogIdentity,
  type LogEntry,
  type StrayRow,
  type ToldRow,
} from '@allostat/platform';
import type { EntityManager } from 'typeorm';
import { LEDGER_ACTION, readLedger, REGISTRY_LEDGERS } from './ledger-row';

/** Name of the registry's log in its checkpoints. */
export const REGISTRY_LOG = 'allostat/models';

/** The registry's log where it is signed with the key of another. */
export function registryLog({ key }: AuditLogIdentity): AuditLogIdentity {
  return { origin: REGISTRY_LOG, key };
}

/** What checkpoints of the registry's log are verified with, given what those of a log under the same key are. */
export function registryKey(logKey: VerifierKey): VerifierKey {
  return { ...logKey, name: REGISTRY_LOG };
}

/** The model registry as its log tells of it: a record for every row, with the whole row. */
export class RegistryBook implements AuditedBook {
  private readonly tables = new Map<string, Map<string, ToldRow>>();

  take({ action, body, sequence }: LogEntry): void {
    const ledger = REGISTRY_LEDGERS.find(({ name }) => action === `${LEDGER_ACTION}${name}`);
    if (!ledger) return;
    const rows = this.tables.get(ledger.name) ?? new Map<string, ToldRow>();
    const id = ledger.key.map((column) => String(body[column])).join('\n');
    this.tables.set(ledger.name, rows.set(id, { columns: body, sequence }));
  }

  rows(table: string): ReadonlyMap<string, ToldRow> {
    return this.tables.get(table) ?? new Map<string, ToldRow>();
  }

  async strayRow(manager: EntityManager): Promise<StrayRow | undefined> {
    for (const ledger of REGISTRY_LEDGERS) {
      const stray = strayAmong(await readLedger(manager, ledger.name), ledger, this.rows(ledger.name));
      if (stray) return stray;
    }
    return undefined;
  }
}
