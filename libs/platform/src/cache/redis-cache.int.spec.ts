import { describeWith, eventually, startRedis, type Infrastructure } from '@allostat/testkit';
import { freePort } from '../process/free-port';
import { sleep } from '../process/sleep';
import { createCache, createFanOut } from './create-cache';

describeWith('redis', 'cache and fan-out on Redis', () => {
  let redis: Infrastructure;
  beforeAll(async () => (redis = await startRedis()), 30_000);
  afterAll(() => redis.stop());

  it('keeps a value until it expires', async () => {
    const cache = await createCache({ redisUrl: redis.url });
    await cache.set('k', 'v', 150);
    expect(await cache.get('k')).toBe('v');
    await sleep(250);
    expect(await cache.get('k')).toBeUndefined();
    await cache.close();
  });

  it('tells listeners of other processes, once each', async () => {
    const [a, b] = [await createFanOut({ redisUrl: redis.url }), await createFanOut({ redisUrl: redis.url })];
    const heard: string[] = [];
    const stop = await b.subscribe('regime', (text) => heard.push(`b:${text}`));
    await a.subscribe('regime', (text) => heard.push(`a:${text}`));
    await a.publish('regime', 'crisis');
    await eventually(() => expect(heard.sort()).toEqual(['a:crisis', 'b:crisis']));
    await stop();
    await a.publish('regime', 'recovery');
    await eventually(() => expect(heard).toContain('a:recovery'));
    expect(heard).not.toContain('b:recovery');
    await a.close();
    await b.close();
  });
});

describe('cache and fan-out without the Redis they are told of', () => {
  it('answer in time and fail nobody', async () => {
    const errors: Error[] = [];
    const options = {
      redisUrl: `redis://127.0.0.1:${await freePort()}`,
      onError: (error: Error) => errors.push(error),
    };
    const cache = await createCache(options);
    const fanOut = await createFanOut(options);
    const heard: string[] = [];
    const started = Date.now();
    void fanOut.subscribe('c', (text) => heard.push(text));
    await cache.set('k', 'v', 1000);
    expect(await cache.get('k')).toBeUndefined();
    await fanOut.publish('c', 'still heard here');
    expect(heard).toEqual(['still heard here']);
    expect(Date.now() - started).toBeLessThan(1000);
    expect(errors.length).toBeGreaterThan(0);
    await cache.close();
    await fanOut.close();
  });
});
