import type { Logger } from '../logs/logger';

export interface StopOptions {
  /** Closes everything, in order. */
  readonly stop: () => Promise<void>;
  readonly logger: Logger;
  /** After so long the process ends with code 1, whatever is still open; default 19 000. */
  readonly deadlineMs?: number;
}

/**
 * Ends the process in order on SIGTERM or SIGINT: code 0 when `stop` succeeded in time, else 1.
 * A second signal ends it at once. Returns how to stop by other means than a signal.
 */
export function stopOnSignals({ stop, logger, deadlineMs = 19_000 }: StopOptions): () => void {
  let stopping = false;
  const begin = () => {
    if (stopping) process.exit(1);
    stopping = true;
    setTimeout(() => {
      logger.error({ deadlineMs }, 'the process did not close in time and was ended');
      process.exit(1);
    }, deadlineMs).unref();
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ error }, 'closing failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', begin);
  process.on('SIGINT', begin);
  return begin;
}
