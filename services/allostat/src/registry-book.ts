import {
  strayAmong,
  verifyAudit,
  type AuditedBook,
  type AuditLogIdentity,
  type AuditVerification,
  type LogEntry,
  type StrayRow,
  type ToldRow,
} from '@allostat/governance';
import { LEDGER_ACTION, readLedger, REGISTRY_LEDGERS } from '@allostat/model-lab';
import type { VerifierKey } from '@allostat/pipeline';
import type { EntityManager } from 'typeorm';

const ORIGIN = 'allostat/models';

/** The registry's log has a name of its own, and is signed with the same key as that of governance. */
export function registryLog({ key }: AuditLogIdentity): AuditLogIdentity {
  return { origin: ORIGIN, key };
}

/** What checkpoints of the registry's log are verified with, given what those of governance are. */
export function registryKey(logKey: VerifierKey): VerifierKey {
  return { ...logKey, name: ORIGIN };
}

/** The model registry as its log tells of it: a record for every row, with the whole row. */
class RegistryBook implements AuditedBook {
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

/** Recomputes the log of the model registry, and compares every row of the registry with what it tells. */
export function verifyRegistry(manager: EntityManager, logKey: VerifierKey): Promise<AuditVerification> {
  return verifyAudit(manager, { logKey, book: new RegistryBook() });
}
