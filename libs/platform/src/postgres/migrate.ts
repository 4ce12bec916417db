import { Client } from 'pg';
import { DataSource, type MigrationInterface } from 'typeorm';
import { AllostatError } from '@allostat/kernel';
import { LogPartitions1764000000003 } from '../messaging/postgres/log-partitions.migration';
import { LogSchema1764000000000 } from '../messaging/postgres/log-schema.migration';
import { ArtefactTables1764000000002 } from './artefact-tables.migration';
import { sleep } from '../process/sleep';
import { clientOptions } from './client-options';
import { CommonTables1764000000001 } from './common-tables.migration';
import { SILENT_LOGGER } from './silent-logger';
import { derivedPassword, roleName, schemaName } from './role';

export type MigrationClass = new () => MigrationInterface;

export interface MigrateOptions {
  /** A user that may create schemas and roles. The tables belong to it, the services only use them. */
  readonly adminUrl: string;
  readonly stages: readonly { readonly name: string; readonly migrations: readonly MigrationClass[] }[];
  /** Password of each service's role; default: derived from the administrator's. */
  readonly rolePassword?: (service: string) => string | undefined;
}

const SERVICE_ROLE = 'allostat_service';
const ALREADY_THERE = new Set(['23505', '42710']);
const CONCURRENT_UPDATE = 'XX000';

/**
 * Brings the database to the state the code needs: roles, schemas, common tables, each stage's own migrations, the
 * message log and the artefacts. Run once before the services start; several at a time wait for each other.
 */
export async function migrate(options: MigrateOptions): Promise<void> {
  const client = new Client(clientOptions(options.adminUrl, 'migrate'));
  await client.connect();
  try {
    await client.query(`select pg_advisory_lock(hashtextextended('allostat migrate', 0))`);
    await ensureRole(client, SERVICE_ROLE, 'nologin');
    await ensureSchema(client, 'log');
    await runMigrations(options.adminUrl, 'log', [LogSchema1764000000000, LogPartitions1764000000003]);
    await ensureSchema(client, 'artefacts');
    await runMigrations(options.adminUrl, 'artefacts', [ArtefactTables1764000000002]);
    for (const { name, migrations } of options.stages) {
      const password = (options.rolePassword ?? ((service) => derivedPassword(options.adminUrl, service)))(name);
      await prepareService(client, name, password);
      await runMigrations(options.adminUrl, schemaName(name), [CommonTables1764000000001, ...migrations]);
      await client.query(`revoke all on ${schemaName(name)}.schema_version from ${roleName(name)}`);
    }
  } finally {
    await client.end();
  }
}

async function prepareService(client: Client, service: string, password: string | undefined): Promise<void> {
  const role = roleName(service);
  const schema = schemaName(service);
  await ensureRole(client, role, 'login');
  if (password !== undefined) await tolerant(client, `alter role ${role} password ${client.escapeLiteral(password)}`);
  const { rows } = await client.query<{ member: boolean }>('select pg_has_role($1, $2, $3) as member', [
    role,
    SERVICE_ROLE,
    'member',
  ]);
  if (!rows[0].member) await tolerant(client, `grant ${SERVICE_ROLE} to ${role}`);
  await ensureSchema(client, schema);
  // Rights come with the creation of a table, so that a migration can take some away again for good.
  await client.query(`grant usage on schema ${schema} to ${role};
    alter default privileges in schema ${schema} grant select, insert, update, delete on tables to ${role};
    alter default privileges in schema ${schema} grant usage, select on sequences to ${role};
    alter default privileges in schema ${schema} grant execute on functions to ${role}`);
}

async function ensureSchema(client: Client, schema: string): Promise<void> {
  await client.query(`create schema if not exists ${schema}; revoke all on schema ${schema} from public`);
}

async function ensureRole(client: Client, role: string, login: 'login' | 'nologin'): Promise<void> {
  const { rowCount } = await client.query('select 1 from pg_roles where rolname = $1', [role]);
  if (rowCount === 0) await tolerant(client, `create role ${role} ${login}`);
}

/** Roles belong to the whole server: a migration of another database there may do the same at the same moment. */
async function tolerant(client: Client, statement: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await client.query(statement);
      return;
    } catch (error) {
      const code = (error as { code?: string }).code ?? '';
      if (ALREADY_THERE.has(code)) return;
      if (code !== CONCURRENT_UPDATE || attempt === 10) throw error;
      await sleep(20 * attempt);
    }
  }
}

async function runMigrations(url: string, schema: string, migrations: readonly MigrationClass[]): Promise<void> {
  const source = new DataSource({
    type: 'postgres',
    url,
    schema,
    migrations: [...migrations],
    migrationsTableName: 'schema_version',
    migrationsTransactionMode: 'all',
    poolSize: 1,
    logger: SILENT_LOGGER,
    extra: clientOptions(url, `migrate:${schema}`, schema),
  });
  try {
    await source.initialize();
    await source.runMigrations();
  } catch (error) {
    throw new AllostatError(
      'POSTGRES.MIGRATION',
      `the migration of schema ${schema} failed: ${(error as Error).message}`,
      'nothing of this schema was changed; correct the cause and run it again',
      { cause: error },
    );
  } finally {
    if (source.isInitialized) await source.destroy();
  }
}
