import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds the decisions that ended without weights without reading the whole audit log. */
export class CreateInfeasibleIndex1764400000001 implements MigrationInterface {
  readonly name = 'CreateInfeasibleIndex1764400000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `create index audit_record_infeasible on audit_record (sequence) where action = 'allocation.infeasible'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index audit_record_infeasible');
  }
}
