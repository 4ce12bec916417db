import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { startEmbeddedPostgres } from '@allostat/platform';
import type { Infrastructure } from './infrastructure';

/** A fresh database on a given server, dropped when the suite ends. */
async function freshDatabase(serverUrl: string): Promise<Infrastructure> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  const run = async (statement: string) => {
    const client = new Client({ connectionString: serverUrl });
    await client.connect();
    await client.query(statement).finally(() => client.end());
  };
  await run(`create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return { url: url.toString(), stop: () => run(`drop database if exists ${name} with (force)`) };
}

/**
 * An empty database for one suite: on the server of ALLOSTAT_TEST_DATABASE_URL (an administrator's URL), else on an
 * embedded server that ends with this process. `url` is the administrator's.
 */
export async function startPostgres(options: { readonly durable?: boolean } = {}): Promise<Infrastructure> {
  const given = process.env.ALLOSTAT_TEST_DATABASE_URL;
  if (given !== undefined && given !== '') return freshDatabase(given);
  const dataDir = mkdtempSync(join(tmpdir(), 'allostat-postgres-'));
  const server = await startEmbeddedPostgres({ dataDir, durable: options.durable ?? false });
  return {
    url: server.url,
    stop: async () => {
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
