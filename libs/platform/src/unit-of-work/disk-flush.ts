/** Any committed write: its commit waits until all that was written before it is on disk. */
export const FLUSH_TO_DISK = `select pg_logical_emit_message(true, 'allostat', '')`;

/**
 * Waits until what was committed is on disk, for many commits together: while one flush runs, all who come wait for the
 * next, which the first of them runs.
 */
export class DiskFlush {
  private running: Promise<unknown> = Promise.resolve();
  private next: Promise<unknown> | undefined;

  /** Resolves when everything committed before the call is on disk; rejects for all who wait when `flush` fails. */
  after(flush: () => Promise<unknown>): Promise<unknown> {
    this.next ??= this.running
      .catch(() => undefined)
      .then(() => {
        this.next = undefined; // who comes from now on may have committed too late for this one
        this.running = flush();
        return this.running;
      });
    return this.next;
  }
}
