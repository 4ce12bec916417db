import { createAuditTables } from '@allostat/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The audit log of governance. */
export class CreateAuditLog1764100000002 implements MigrationInterface {
  readonly name = 'CreateAuditLog1764100000002';

  async up(runner: QueryRunner): Promise<void> {
    await createAuditTables(runner, 'allostat_governance');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'drop table audit_cosignature, audit_checkpoint, audit_node, audit_record; drop function audit_is_append_only()',
    );
  }
}
