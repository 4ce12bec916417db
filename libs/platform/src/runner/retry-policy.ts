/** How often a failing message is tried before it becomes a dead letter. */
export interface RetryPolicy {
  /** Tries of a message that fails by itself; default 5. */
  readonly attempts: number;
  /** First wait; it doubles with each try. Default 100. */
  readonly baseMs: number;
  /** Longest wait; default 5000. */
  readonly maxMs: number;
  /** How long a message may wait for something that is not there yet (`NotReadyError`); default 300 000. */
  readonly notReadyMs: number;
}

export const DEFAULT_RETRY: RetryPolicy = { attempts: 5, baseMs: 100, maxMs: 5000, notReadyMs: 300_000 };

/** Exponential wait with jitter before try `attempt + 1`: between half and the whole of `baseMs * 2^(attempt-1)`. */
export function backoffMs(
  attempt: number,
  { baseMs, maxMs }: Pick<RetryPolicy, 'baseMs' | 'maxMs'>,
  random: () => number = Math.random,
): number {
  return Math.min(maxMs, baseMs * 2 ** (attempt - 1)) * (0.5 + 0.5 * random());
}
