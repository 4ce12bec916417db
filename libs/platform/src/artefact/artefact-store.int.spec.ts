import { createHash } from 'node:crypto';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { startPostgres, type Infrastructure } from '@allostat/testkit';
import { migrate } from '../postgres/migrate';
import { roleUrl } from '../postgres/role';
import { ArtefactStore } from './artefact-store';

describe('ArtefactStore', () => {
  const store = new ArtefactStore();
  let postgres: Infrastructure;
  let source: DataSource;
  let admin: Client;
  beforeAll(async () => {
    postgres = await startPostgres();
    await migrate({ adminUrl: postgres.url, stages: [{ name: 'writer', migrations: [] }] });
    source = await new DataSource({ type: 'postgres', url: roleUrl(postgres.url, 'writer') }).initialize();
    admin = new Client({ connectionString: postgres.url });
    await admin.connect();
  }, 60_000);
  afterAll(async () => {
    await source.destroy();
    await admin.end();
    await postgres.stop();
  }, 30_000);

  it('gives bytes back under the hash of their content, and stores the same bytes once', async () => {
    const bytes = new Uint8Array(new Float64Array([1.5, -0, Number.NaN]).buffer);
    const hash = await store.put(source.manager, bytes, 'application/octet-stream');
    expect(hash).toBe(createHash('sha256').update(bytes).digest('hex'));
    expect(await store.put(source.manager, bytes, 'application/octet-stream')).toBe(hash);
    expect(Buffer.compare(await store.get(source.manager, hash), Buffer.from(bytes))).toBe(0);
    expect((await admin.query('select 1 from artefacts.artefact')).rowCount).toBe(1);
  });

  it('refuses an unknown or malformed hash', async () => {
    await expect(store.get(source.manager, 'f'.repeat(64))).rejects.toThrow(/there is no artefact/);
    await expect(store.get(source.manager, "'; drop table")).rejects.toThrow(/64 hexadecimal digits/);
  });

  it('cannot be changed, not even by the owner of the table, nor filled with a false hash', async () => {
    await store.put(source.manager, Buffer.from('kept'), 'text/plain');
    for (const statement of [
      'update artefacts.artefact set media_type = $$x$$',
      'delete from artefacts.artefact',
      'truncate artefacts.artefact',
    ]) {
      await expect(admin.query(statement)).rejects.toMatchObject({ code: '42501' });
    }
    const lie = [`${'0'.repeat(64)}`, 'text/plain', Buffer.from('x')];
    await expect(
      source.query('insert into artefacts.artefact (hash, media_type, bytes) values ($1, $2, $3)', lie),
    ).rejects.toThrow(/check constraint/);
  });

  it('notices bytes that were changed behind its back', async () => {
    const hash = await store.put(source.manager, Buffer.from('original'), 'text/plain');
    await admin.query(`set session_replication_role = replica`);
    await admin.query('alter table artefacts.artefact drop constraint artefact_check');
    await admin.query('update artefacts.artefact set bytes = $2 where hash = $1', [hash, Buffer.from('forged')]);
    await expect(store.get(source.manager, hash)).rejects.toMatchObject({ code: 'ARTEFACT.CORRUPT' });
  });
});
