import type { Cache, FanOut } from './cache';

const DEFAULT_ENTRIES = 10_000;

/** A cache in this process; the entry that was written first goes first. */
export class MemoryCache implements Cache {
  private readonly entries = new Map<string, { readonly value: string; readonly expiresAt: number }>();

  constructor(
    private readonly maxEntries = DEFAULT_ENTRIES,
    private readonly now: () => number = Date.now,
  ) {}

  get(key: string): Promise<string | undefined> {
    const entry = this.entries.get(key);
    if (entry !== undefined && entry.expiresAt <= this.now()) this.entries.delete(key);
    return Promise.resolve(this.entries.get(key)?.value);
  }

  set(key: string, value: string, ttlMs: number): Promise<void> {
    this.entries.delete(key);
    this.entries.set(key, { value, expiresAt: this.now() + ttlMs });
    for (const oldest of this.entries.keys()) {
      if (this.entries.size <= this.maxEntries) break;
      this.entries.delete(oldest);
    }
    return Promise.resolve();
  }

  delete(key: string): Promise<void> {
    this.entries.delete(key);
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.entries.clear();
    return Promise.resolve();
  }
}

/** A fan-out within this process. */
export class MemoryFanOut implements FanOut {
  private readonly listeners = new Map<string, Set<(text: string) => void>>();

  publish(channel: string, text: string): Promise<void> {
    for (const listener of this.listeners.get(channel) ?? []) listener(text);
    return Promise.resolve();
  }

  subscribe(channel: string, listener: (text: string) => void): Promise<() => Promise<void>> {
    const listeners = this.listeners.get(channel) ?? new Set();
    listeners.add(listener);
    this.listeners.set(channel, listeners);
    return Promise.resolve(() => {
      listeners.delete(listener);
      return Promise.resolve();
    });
  }

  /** Whether anybody listens. */
  listens(channel: string): boolean {
    return (this.listeners.get(channel)?.size ?? 0) > 0;
  }

  close(): Promise<void> {
    this.listeners.clear();
    return Promise.resolve();
  }
}
