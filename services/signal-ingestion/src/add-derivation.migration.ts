import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A value may have been made from what was read: a price by adjustment factors, the tone of a headline by a model. */
export class AddDerivation1764700000001 implements MigrationInterface {
  readonly name = 'AddDerivation1764700000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table observation add column derivation text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table observation drop column derivation');
  }
}
