/** A place for what can be computed again. It may forget at any time, and nothing depends on it being right. */
export interface Cache {
  /** Undefined when it is not there, has expired, or the cache cannot be reached in time. */
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string, ttlMs: number): Promise<void>;
  delete(key: string): Promise<void>;
  close(): Promise<void>;
}

/** Tells listeners in all processes, at once or never: for live screens, which also ask by themselves. */
export interface FanOut {
  publish(channel: string, text: string): Promise<void>;
  /** Returns how to stop listening. */
  subscribe(channel: string, listener: (text: string) => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}
