import { join } from 'node:path';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { deterministicId, type Clock } from '@allostat/kernel';
import {
  jobResult,
  jobSpecSchema,
  runSlice,
  type DomainEvent,
  type JobSpec,
  type SliceResult,
  type TrainedSlice,
} from '@allostat/pipeline';
import {
  ArtefactStore,
  CLOCK,
  DecisionThreads,
  LOGGER,
  UnitRunner,
  type Logger,
  type UnitOfWork,
} from '@allostat/platform';
import { registerCandidate } from '../register-champion';
import {
  claimSlice,
  endJob,
  finishJob,
  renewLease,
  resultsWhenComplete,
  saveError,
  saveResult,
  type ClaimedSlice,
} from './job.store';

export const JOB_WORK = Symbol('how the job workers work');

export interface JobWork {
  /** Threads that compute beside the event loop; 0 computes on it. */
  readonly threads: number;
  /** A worker that died leaves its slice to others after this; one that lives renews it in time. */
  readonly leaseSeconds: number;
}

const IDLE_MS = 500;

/** Milliseconds per second of a lease after which it is renewed: a third. */
const RENEWED_AFTER_MS = 333;

/** Tries of one slice before the job has failed. */
const ATTEMPTS_MAX = 3;

interface SliceTask {
  readonly spec: JobSpec;
  readonly slice: number;
}

/**
 * Computes slices of jobs, each on a thread, for as long as the stage runs. Slices are claimed one by one, so workers in other processes
 * take what is left; each result is kept at once, so nothing that is finished is ever computed again.
 */
@Injectable()
export class JobWorkers implements OnModuleInit, OnModuleDestroy {
  private readonly pool: DecisionThreads<undefined, SliceTask, SliceResult>;
  private readonly specs = new Map<string, Promise<JobSpec>>();
  private stopping = false;
  private loops: Promise<void>[] = [];
  private wake: (() => void)[] = [];

  constructor(
    private readonly units: UnitRunner<DomainEvent>,
    private readonly artefacts: ArtefactStore,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(JOB_WORK) private readonly options: JobWork,
  ) {
    this.pool = new DecisionThreads({
      file: join(__dirname, 'slice.worker.js'),
      threads: options.threads,
      decide: ({ spec, slice }) => ({ state: undefined, events: [runSlice(spec, slice)] }),
    });
  }

  onModuleInit(): void {
    this.loops = Array.from({ length: Math.max(1, this.options.threads) }, () => this.work());
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping = true;
    this.wake.forEach((wake) => wake());
    await Promise.all(this.loops);
    await this.pool.onModuleDestroy();
  }

  private async work(): Promise<void> {
    while (!this.stopping) {
      try {
        const claimed = await this.units.run(({ manager }) => claimSlice(manager, this.options.leaseSeconds));
        if (claimed) await this.compute(claimed);
        else await this.idle();
      } catch (error) {
        this.logger.warn({ error }, 'a job slice could not be taken; it is tried again');
        await this.idle();
      }
    }
  }

  private idle(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, IDLE_MS);
      this.wake.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  private async compute(claimed: ClaimedSlice): Promise<void> {
    const renewal = setInterval(() => {
      this.units
        .run(({ manager }) => renewLease(manager, claimed, this.options.leaseSeconds))
        .catch((error: unknown) => this.logger.warn({ error }, 'the lease of a job slice could not be renewed'));
    }, this.options.leaseSeconds * RENEWED_AFTER_MS);
    try {
      const spec = await this.specOf(claimed.spec);
      const { events } = await this.pool.decide({ spec, slice: claimed.slice }, undefined, { now: this.clock.now() });
      await this.units.run((unit) => this.keep(unit, claimed, events[0], spec));
    } catch (error) {
      await this.refuse(claimed, error instanceof Error ? error.message : String(error));
    } finally {
      clearInterval(renewal);
    }
  }

  /** Keeps a result, and with the last one the job's. */
  private async keep(
    unit: UnitOfWork<DomainEvent>,
    claimed: ClaimedSlice,
    result: SliceResult,
    spec: JobSpec,
  ): Promise<void> {
    const { jobId } = claimed;
    await saveResult(unit.manager, claimed, result);
    const results = await resultsWhenComplete(unit.manager, jobId);
    if (results === undefined) return;
    const finished = jobResult(spec, results);
    await finishJob(unit.manager, jobId, finished);
    const time = this.clock.now();
    if (spec.kind === 'regime-training') {
      const { version: _version, ...trained } = results[0] as TrainedSlice;
      await registerCandidate(unit, this.artefacts, { model: spec.model, ...trained, seed: 0 }, time);
    }
    const id = deterministicId('job-done', jobId);
    unit.publish(
      [{ type: 'BacktestCompleted', backtestId: jobId, resultHash: finished.resultHash, trials: results.length }],
      {
        id,
        type: 'job',
        source: 'model-lab',
        time,
        correlationId: id,
      },
    );
    this.specs.delete(claimed.spec);
  }

  private async refuse(claimed: ClaimedSlice, error: string): Promise<void> {
    const { jobId, slice, attempts } = claimed;
    this.logger.warn({ jobId, slice, attempts, error }, 'a job slice has failed');
    await this.units.run(async ({ manager }) => {
      await saveError(manager, claimed, error);
      if (attempts < ATTEMPTS_MAX) return;
      await endJob(manager, jobId, { status: 'failed', reason: `slice ${slice} failed ${attempts} times: ${error}` });
    });
  }

  private specOf(hash: string): Promise<JobSpec> {
    const known = this.specs.get(hash);
    if (known) return known;
    const read = this.units
      .run(({ manager }) => this.artefacts.get(manager, hash as Parameters<ArtefactStore['get']>[1]))
      .then((bytes) => jobSpecSchema.parse(JSON.parse(bytes.toString('utf8'))));
    this.specs.set(hash, read);
    read.catch(() => this.specs.delete(hash));
    return read;
  }
}
