import { DataSource } from 'typeorm';
import { startPostgres, type Infrastructure } from '@allostat/testkit';
import { clientOptions } from '../postgres/client-options';
import { migrate } from '../postgres/migrate';
import { roleUrl } from '../postgres/role';
import { claim } from './inbox';
import { purgeInbox } from './purge-inbox';

describe('purgeInbox', () => {
  let postgres: Infrastructure;
  let source: DataSource;
  beforeAll(async () => {
    postgres = await startPostgres();
    await migrate({ adminUrl: postgres.url, stages: [{ name: 'reader', migrations: [] }] });
    const url = roleUrl(postgres.url, 'reader');
    source = await new DataSource({ type: 'postgres', url, extra: clientOptions(url, 'test', 'reader') }).initialize();
  }, 60_000);
  afterAll(async () => {
    await source.destroy();
    await postgres.stop();
  }, 30_000);

  it('forgets only what is older than the days given, in more than one step', async () => {
    await source.query(`insert into inbox (consumer, event_id, at)
      select 'reader', 'old-' || n, now() - interval '31 days' from generate_series(1, 12000) n`);
    await claim(source.manager, 'reader', ['young']);
    expect(await purgeInbox(source, 30)).toBe(12_000);
    expect(await purgeInbox(source, 30)).toBe(0);
    expect([...(await claim(source.manager, 'reader', ['young', 'old-1']))]).toEqual(['old-1']);
  }, 30_000);
});
