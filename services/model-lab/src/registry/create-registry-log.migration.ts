import type { MigrationInterface, QueryRunner } from 'typeorm';
import { auditColumns, createAuditAppending, createAuditTables } from '@allostat/platform';
import { ledgerRecord, readLedger, REGISTRY_LEDGERS } from './ledger-row';

const ROLE = 'allostat_model_lab';

/** An audit log of the registry's own. It begins with what the registry holds already. */
export class CreateRegistryLog1764900000001 implements MigrationInterface {
  readonly name = 'CreateRegistryLog1764900000001';

  async up(runner: QueryRunner): Promise<void> {
    await createAuditTables(runner, ROLE);
    await createAuditAppending(runner, { schema: 'model_lab', role: ROLE });
    const by = { at: new Date().toISOString(), actor: 'service:model-lab' };
    for (const { name } of REGISTRY_LEDGERS) {
      const rows = await readLedger(runner.manager, name);
      const records = rows.map((row) => ledgerRecord(name, row, by));
      await runner.query('select audit_append($1, $2, $3, $4, $5, $6)', auditColumns(records));
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table audit_cosignature, audit_checkpoint, audit_node, audit_record;
      drop function audit_append; drop function audit_is_append_only`);
  }
}
