import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What each proposal was made from: hashes of artefacts, and the versions of code and runtime that made it. */
export class CreateProposalSource1764100000004 implements MigrationInterface {
  readonly name = 'CreateProposalSource1764100000004';

  async up(runner: QueryRunner): Promise<void> {
    const hash = `text not null references artefacts.artefact (hash)`;
    await runner.query(`
      create table proposal_source (
        proposal_id text primary key,
        mandate_id text not null,
        as_of date not null,
        budget ${hash},
        risk_model ${hash},
        universe ${hash},
        mandate ${hash},
        proposal ${hash},
        code_version text not null,
        runtime_version text not null
      );
      create index proposal_source_as_of on proposal_source (as_of);
      revoke update, delete, truncate on proposal_source from allostat_optimization`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table proposal_source');
  }
}
