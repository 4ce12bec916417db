import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Jobs of whole backtests and of validations. */
export class AddJobKinds1764900000003 implements MigrationInterface {
  readonly name = 'AddJobKinds1764900000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table job drop constraint job_kind_check;
      alter table job add constraint job_kind_check
        check (kind in ('randomised-backtests', 'backtest', 'validation', 'regime-training'))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table job drop constraint job_kind_check;
      alter table job add constraint job_kind_check check (kind in ('randomised-backtests', 'regime-training'))`);
  }
}
