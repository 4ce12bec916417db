import { createAuditAppending } from '@allostat/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Records are appended in the message that commits; what waited for the commit in a table of its own is gone. */
export class AppendWithCommit1765000000001 implements MigrationInterface {
  readonly name = 'AppendWithCommit1765000000001';

  async up(runner: QueryRunner): Promise<void> {
    await createAuditAppending(runner, { schema: 'governance', role: 'allostat_governance' });
  }

  async down(): Promise<void> {
    // the function is that of the migration before this one
  }
}
