import { randomUUID } from 'node:crypto';
import { lineageEvent, type LineageEvent, type LineageWork } from './lineage-event';
import type { LineageSink } from './lineage-sink';

export interface LineageRunOptions {
  readonly sinks: readonly LineageSink[];
  readonly now: () => string;
  /** Told what could not be delivered: lineage never stops the work that it is about. */
  readonly warn: (message: string) => void;
}

/** One run of a job, told to the sinks: its start, and then how it ended. */
export class LineageRun {
  private constructor(
    private readonly job: string,
    private readonly options: LineageRunOptions,
    private readonly runId: string,
  ) {}

  static async start(job: string, work: LineageWork, options: LineageRunOptions): Promise<LineageRun> {
    const run = new LineageRun(job, options, randomUUID());
    await run.tell('START', work);
    return run;
  }

  complete(work: LineageWork): Promise<void> {
    return this.tell('COMPLETE', work);
  }

  fail(error: unknown, work: LineageWork): Promise<void> {
    return this.tell('FAIL', work, error instanceof Error ? error.message : String(error));
  }

  private async tell(eventType: LineageEvent['eventType'], work: LineageWork, error?: string): Promise<void> {
    const { sinks, now, warn } = this.options;
    const { runId, job } = this;
    const event = lineageEvent(eventType, { runId, job, at: now(), work, ...(error !== undefined && { error }) });
    for (const sink of sinks) {
      await sink.send(event).catch((failure: unknown) => {
        warn(`lineage of ${job} could not be delivered: ${(failure as Error).message}`);
      });
    }
  }
}
