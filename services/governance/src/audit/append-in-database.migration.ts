import { createAuditAppending } from '@allostat/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const ROLE = 'allostat_governance';

/** Records are appended by a function of the database, and by nothing else. */
export class AppendInDatabase1764500000001 implements MigrationInterface {
  readonly name = 'AppendInDatabase1764500000001';

  async up(runner: QueryRunner): Promise<void> {
    await createAuditAppending(runner, { schema: 'governance', role: ROLE });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop function audit_append; grant insert on audit_record, audit_node to ${ROLE}`);
  }
}
