import { MemoryCache } from './memory-cache';

describe('MemoryCache', () => {
  it('forgets what has expired and what was written longest ago', async () => {
    let now = 0;
    const cache = new MemoryCache(2, () => now);
    await cache.set('a', '1', 10);
    await cache.set('b', '2', 1000);
    now = 10;
    expect(await cache.get('a')).toBeUndefined();
    await cache.set('c', '3', 1000);
    await cache.set('d', '4', 1000);
    expect(await cache.get('b')).toBeUndefined();
    expect(await cache.get('d')).toBe('4');
    await cache.delete('d');
    expect(await cache.get('d')).toBeUndefined();
  });
});
