import type { Cache, FanOut } from './cache';
import { MemoryCache, MemoryFanOut } from './memory-cache';
import { RedisCache, RedisFanOut } from './redis-cache';

export interface CacheOptions {
  /** Without it everything stays in this process. */
  readonly redisUrl?: string | undefined;
  readonly onError?: (error: Error) => void;
}

/** The cache that the configuration asks for. */
export function createCache({ redisUrl, ...rest }: CacheOptions): Promise<Cache> {
  return redisUrl === undefined ? Promise.resolve(new MemoryCache()) : RedisCache.connect({ url: redisUrl, ...rest });
}

/** The fan-out that the configuration asks for. */
export function createFanOut({ redisUrl, ...rest }: CacheOptions): Promise<FanOut> {
  return redisUrl === undefined ? Promise.resolve(new MemoryFanOut()) : RedisFanOut.connect({ url: redisUrl, ...rest });
}
