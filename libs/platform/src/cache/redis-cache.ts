import { Redis, type RedisOptions } from 'ioredis';
import type { Cache, FanOut } from './cache';
import { MemoryFanOut } from './memory-cache';

const COMMAND_TIMEOUT_MS = 250;
const PREFIX = 'allostat:';

const OPTIONS: RedisOptions = {
  connectTimeout: 2000,
  commandTimeout: COMMAND_TIMEOUT_MS,
  maxRetriesPerRequest: 1,
  // While Redis is away a command fails at once instead of waiting for it.
  enableOfflineQueue: false,
  retryStrategy: (attempt) => Math.min(5000, 100 * 2 ** Math.min(attempt, 6)),
};

export interface RedisCacheOptions {
  readonly url: string;
  /** Hears of failures; the caller of the cache never does. */
  readonly onError?: (error: Error) => void;
}

/** Begins to connect; returns when connected or when the first attempt has failed. */
async function connect(redis: Redis, onError: (error: Error) => void): Promise<void> {
  redis.on('error', onError);
  await redis.connect().catch(onError);
}

/** A cache in Redis. */
export class RedisCache implements Cache {
  private constructor(
    private readonly redis: Redis,
    private readonly onError: (error: Error) => void,
  ) {}

  static async connect({ url, onError = () => undefined }: RedisCacheOptions): Promise<RedisCache> {
    const redis = new Redis(url, { ...OPTIONS, lazyConnect: true });
    await connect(redis, onError);
    return new RedisCache(redis, onError);
  }

  async get(key: string): Promise<string | undefined> {
    return (await this.attempt(() => this.redis.get(PREFIX + key))) ?? undefined;
  }

  async set(key: string, value: string, ttlMs: number): Promise<void> {
    await this.attempt(() => this.redis.set(PREFIX + key, value, 'PX', Math.max(1, Math.round(ttlMs))));
  }

  async delete(key: string): Promise<void> {
    await this.attempt(() => this.redis.del(PREFIX + key));
  }

  close(): Promise<void> {
    this.redis.disconnect();
    return Promise.resolve();
  }

  private async attempt<T>(command: () => Promise<T>): Promise<T | undefined> {
    try {
      return await command();
    } catch (error) {
      this.onError(error as Error);
      return undefined;
    }
  }
}

/** A fan-out through Redis; while Redis is away it still reaches the listeners of this process. */
export class RedisFanOut implements FanOut {
  private readonly local = new MemoryFanOut();

  private constructor(
    private readonly sender: Redis,
    private readonly receiver: Redis,
    private readonly onError: (error: Error) => void,
  ) {
    receiver.on('message', (channel: string, text: string) => {
      void this.local.publish(channel.slice(PREFIX.length), text);
    });
  }

  static async connect({ url, onError = () => undefined }: RedisCacheOptions): Promise<RedisFanOut> {
    const sender = new Redis(url, { ...OPTIONS, lazyConnect: true });
    // Subscriptions wait for the connection and are renewed with it.
    const receiver = new Redis(url, {
      ...OPTIONS,
      lazyConnect: true,
      enableOfflineQueue: true,
      maxRetriesPerRequest: null,
    });
    await Promise.all([connect(sender, onError), connect(receiver, onError)]);
    return new RedisFanOut(sender, receiver, onError);
  }

  async publish(channel: string, text: string): Promise<void> {
    try {
      await this.sender.publish(PREFIX + channel, text);
    } catch (error) {
      this.onError(error as Error);
      await this.local.publish(channel, text);
    }
  }

  async subscribe(channel: string, listener: (text: string) => void): Promise<() => Promise<void>> {
    const first = !this.local.listens(channel);
    const stop = await this.local.subscribe(channel, listener);
    if (first) await this.receiver.subscribe(PREFIX + channel).catch(this.onError);
    return async () => {
      await stop();
      if (!this.local.listens(channel)) await this.receiver.unsubscribe(PREFIX + channel).catch(this.onError);
    };
  }

  async close(): Promise<void> {
    this.sender.disconnect();
    this.receiver.disconnect();
    await this.local.close();
  }
}
