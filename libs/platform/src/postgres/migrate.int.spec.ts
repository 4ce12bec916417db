import { Client } from 'pg';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { startPostgres, type Infrastructure } from '@allostat/testkit';
import { migrate } from './migrate';
import { roleUrl } from './role';

class Ledger1764000000200 implements MigrationInterface {
  readonly name = 'Ledger1764000000200';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'create table audit (id int primary key); revoke update, delete on audit from allostat_book_keeping',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table audit');
  }
}

class Broken1764000000300 implements MigrationInterface {
  readonly name = 'Broken1764000000300';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create table half_done (id int); select no_such_function()');
  }

  async down(): Promise<void> {
    await Promise.resolve();
  }
}

const BOOK_KEEPING = { name: 'book-keeping', migrations: [Ledger1764000000200] };

describe('migrate', () => {
  let postgres: Infrastructure;
  let admin: Client;
  beforeAll(async () => {
    postgres = await startPostgres();
    admin = new Client({ connectionString: postgres.url });
    await admin.connect();
  }, 60_000);
  afterAll(async () => {
    await admin.end();
    await postgres.stop();
  }, 30_000);

  it('may be run by several at once, and again', async () => {
    const options = { adminUrl: postgres.url, stages: [BOOK_KEEPING] };
    await Promise.all([migrate(options), migrate(options), migrate(options)]);
    await migrate(options);
    const { rows } = await admin.query('select name from book_keeping.schema_version order by id');
    expect(rows.map(({ name }: { name: string }) => name)).toEqual([
      'CommonTables1764000000001',
      'Ledger1764000000200',
    ]);
  }, 60_000);

  it('lets a migration take rights from the service for good', async () => {
    const service = new Client({ connectionString: roleUrl(postgres.url, 'book-keeping') });
    await service.connect();
    await service.query('insert into book_keeping.audit values (1)');
    for (const statement of ['delete from', 'update', 'truncate'].map((verb) => `${verb} book_keeping.audit`)) {
      const text = statement.startsWith('update') ? `${statement} set id = 2` : statement;
      await expect(service.query(text)).rejects.toMatchObject({ code: '42501' });
    }
    await service.end();
  });

  it('changes nothing of a schema whose migration fails, and says which', async () => {
    const stages = [{ name: 'book-keeping', migrations: [Ledger1764000000200, Broken1764000000300] }];
    await expect(migrate({ adminUrl: postgres.url, stages })).rejects.toMatchObject({
      code: 'POSTGRES.MIGRATION',
      message: expect.stringMatching(/book_keeping.*no_such_function/) as string,
    });
    const { rows } = await admin.query(`select to_regclass('book_keeping.half_done') as found`);
    expect(rows).toEqual([{ found: null }]);
  }, 30_000);
});
