import type { EachBatchPayload } from 'kafkajs';

/** Heartbeats beside a working handler. The first failure ends them and is kept for the client. */
export class Heartbeats {
  failure: Error | undefined;
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly payload: EachBatchPayload,
    everyMs: number,
  ) {
    this.timer = setInterval(() => void this.send(), everyMs);
  }

  get alive(): boolean {
    return this.failure === undefined;
  }

  async send(): Promise<void> {
    try {
      if (this.alive) await this.payload.heartbeat();
    } catch (error) {
      this.failure ??= error as Error;
    }
  }

  stop(): void {
    clearInterval(this.timer);
  }
}
