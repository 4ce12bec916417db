import { DataSource } from 'typeorm';
import { eventually, sampleCodec, startPostgres, type Infrastructure, type SampleEvent } from '@allostat/testkit';
import { NO_FAILPOINTS } from '../failpoint/failpoints';
import { clientOptions } from '../postgres/client-options';
import { migrate } from '../postgres/migrate';
import { roleUrl } from '../postgres/role';
import { NO_TRACING } from '../telemetry/tracing';
import { UnitRunner } from '../unit-of-work/unit-runner';
import { AggregateStore } from './aggregate-store';

interface Tally {
  readonly count: number;
}
const zero = (): Tally => ({ count: 0 });

describe('AggregateStore', () => {
  let postgres: Infrastructure;
  const sources: DataSource[] = [];

  /** Like another process: connections, cache and runner of its own. */
  const process = async () => {
    const url = roleUrl(postgres.url, 'writer');
    const extra = clientOptions(url, 'test', 'writer');
    const dataSource = await new DataSource({
      type: 'postgres',
      url,
      schema: 'writer',
      extra,
      poolSize: 4,
    }).initialize();
    sources.push(dataSource);
    const units = new UnitRunner<SampleEvent>({
      service: 'writer',
      schema: 'writer',
      dataSource,
      codec: sampleCodec,
      outbox: { owns: () => true, wake: () => undefined },
      failpoints: NO_FAILPOINTS,
      tracing: NO_TRACING,
    });
    const store = new AggregateStore<Tally>({ name: 'tally' });
    const add = (key: string) =>
      units.run(async (unit) => {
        const { count } = await store.load(unit, key, zero);
        store.save(unit, key, { count: count + 1 });
      });
    const read = (key: string) => units.run((unit) => store.load(unit, key, zero));
    return { units, store, add, read };
  };

  beforeAll(async () => {
    postgres = await startPostgres();
    await migrate({ adminUrl: postgres.url, stages: [{ name: 'writer', migrations: [] }] });
  }, 60_000);
  afterAll(async () => {
    await Promise.all(sources.map((source) => source.destroy()));
    await postgres.stop();
  }, 30_000);

  it('loses no change when processes change one key at the same time, from its first moment on', async () => {
    const [a, b] = [await process(), await process()];
    await Promise.all(Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? a : b).add('busy')));
    expect(await a.read('busy')).toEqual({ count: 40 });
    expect(await b.read('busy')).toEqual({ count: 40 });
  }, 30_000);

  it('sees within a unit what the unit has saved, and nothing of it after a rollback', async () => {
    const { units, store, read } = await process();
    const failed = units.run(async (unit) => {
      await store.load(unit, 'undone', zero);
      store.save(unit, 'undone', { count: 7 });
      expect(await store.load(unit, 'undone', zero)).toEqual({ count: 7 });
      throw new Error('changed my mind');
    });
    await expect(failed).rejects.toThrow('changed my mind');
    expect(await read('undone')).toEqual({ count: 0 });
  });

  it('gives frozen states', async () => {
    const { add, read } = await process();
    await add('frozen');
    const state = await read('frozen');
    expect(() => Object.assign(state, { count: 9 })).toThrow(TypeError);
  });

  it('refuses to save what was not loaded, since nothing would hold the row', async () => {
    const { units, store } = await process();
    const blind = units.run((unit) => Promise.resolve(store.save(unit, 'blind', { count: 1 })));
    await expect(blind).rejects.toThrow(/must be loaded in the unit that saves it/);
  });

  it('reads without a lock what another unit holds', async () => {
    const { units, store, add } = await process();
    await add('held');
    let release: () => void = () => undefined;
    let held = false;
    const holding = units.run(async (unit) => {
      await store.load(unit, 'held', zero);
      held = true;
      await new Promise<void>((resolve) => (release = resolve));
    });
    await eventually(() => expect(held).toBe(true));
    expect(await units.run((unit) => store.peek(unit, 'held'))).toEqual({ count: 1 });
    expect(await units.run((unit) => store.peek(unit, 'nobody'))).toBeUndefined();
    release();
    await holding;
  });
});
