import { Body, Controller, Get, HttpCode, Inject, Param, Post, UseFilters } from '@nestjs/common';
import { z } from 'zod';
import { AllostatError, toInstant } from '@allostat/kernel';
import { jobSpecSchema, type DomainEvent, type JobSpec, type JobSubmitted } from '@allostat/pipeline';
import {
  ArtefactStore,
  Caller,
  CLOCK,
  HttpErrorFilter,
  SchemaPipe,
  UnitRunner,
  type Principal,
} from '@allostat/platform';
import type { Clock } from '@allostat/kernel';
import { readJobs, type JobView } from './job.store';
import { cancelJob, submitJob } from './submit-job';

const cancellationBody = z.strictObject({ reason: z.string().min(3).max(1000) });

/** Thrown when there is no job of an id, or none that the caller may see. */
class JobNotFoundError extends AllostatError {
  readonly status = 404;

  constructor(readonly jobId: string) {
    super('MODEL_LAB.JOB_NOT_FOUND', `no job has the id ${jobId}`, 'list them with `allostat job list`');
  }
}

/** Thrown when a job that has ended should be cancelled. */
class JobEndedError extends AllostatError {
  readonly status = 409;

  constructor({ jobId, status }: JobView) {
    super('MODEL_LAB.JOB_ENDED', `${jobId} is ${status}; only a job that runs can be cancelled`, 'read it again');
  }
}

/** Backtests, validations and trainings as jobs. People of some mandates alone see the jobs that they asked for themselves. */
@Controller('jobs')
@UseFilters(HttpErrorFilter)
export class JobsController {
  constructor(
    private readonly units: UnitRunner<DomainEvent>,
    private readonly artefacts: ArtefactStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Jobs, the newest first, with how many of their slices are done. */
  @Get()
  list(@Caller() caller: Principal): Promise<JobView[]> {
    return this.seen(caller);
  }

  /** One job, with the summary and the hash of its result once it is done. */
  @Get(':id')
  async show(@Caller() caller: Principal, @Param('id') id: string): Promise<JobView> {
    const [found] = await this.seen(caller, id);
    if (!found) throw new JobNotFoundError(id);
    return found;
  }

  /** Puts a job on the topic, its history in the request; the same specification is the same job. */
  @Post()
  @HttpCode(202)
  submit(
    @Caller() { id: by }: Principal,
    @Body(new SchemaPipe<JobSpec>(jobSpecSchema)) spec: JobSpec,
  ): Promise<JobSubmitted> {
    return this.units.run((unit) => submitJob(unit, this.artefacts, spec, { by, at: this.now() }));
  }

  /** Puts the wish to cancel a job on the topic: slices that have not begun are left alone. */
  @Post(':id/cancellation')
  @HttpCode(202)
  async cancel(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Body(new SchemaPipe(cancellationBody)) { reason }: z.infer<typeof cancellationBody>,
  ): Promise<JobView> {
    const found = await this.show(caller, id);
    if (found.status !== 'running') throw new JobEndedError(found);
    await this.units.run((unit) => Promise.resolve(cancelJob(unit, id, { by: caller.id, at: this.now(), reason })));
    return found;
  }

  private async seen({ id: caller, mandates }: Principal, jobId?: string): Promise<JobView[]> {
    const jobs = await this.units.run(({ manager }) => readJobs(manager, jobId));
    return mandates === undefined ? jobs : jobs.filter(({ submittedBy }) => submittedBy === caller);
  }

  private now(): string {
    return toInstant(Date.parse(this.clock.now()));
  }
}
