import type { Role } from '@allostat/contracts';
import { InputError, toInstant } from '@allostat/kernel';
import { cancelJob, MODEL_LAB, modelLab, readJobs, submitJob, type JobView } from '@allostat/model-lab';
import type { DomainEvent } from '@allostat/pipeline';
import { ArtefactStore, type RunningStage } from '@allostat/platform';
import { printResult, type OutputOptions } from '../cli/output';
import { startProgress } from '../cli/progress';
import { Home } from '../home';
import { withStage } from '../line/with-stage';
import { personOf } from '../person-of';
import { readJobConfig } from './job-config';

interface SignedOptions extends OutputOptions {
  readonly as?: string;
}

/** Roles that may ask for jobs and cancel them. */
const ASK: readonly Role[] = ['portfolio-manager', 'risk', 'researcher', 'operator'];

const POLL_MS = 250;

export async function submit(options: SignedOptions & { readonly config: string }): Promise<void> {
  const { id: by } = personOf(options, ASK);
  const spec = readJobConfig(options.config);
  const job = await inLab(async (stage) => {
    const submitted = await stage.units.run((unit) =>
      submitJob(unit, new ArtefactStore(), spec, { by, at: toInstant(Date.now()) }),
    );
    await taken(stage, submitted.jobId);
    return submitted;
  });
  const lines = [`${job.jobId}: ${job.slices} slices of ${job.kind} wait; allostat job work computes them`];
  printResult(job, lines, options);
}

export async function work(options: OutputOptions & { readonly threads?: string }): Promise<void> {
  const threads = Number(options.threads);
  if (!Number.isInteger(threads) || threads < 0 || threads > 64) {
    throw new InputError(`--threads ${options.threads}: use a whole number in 0..64`, { field: 'threads' });
  }
  const progress = startProgress();
  const done = await withStage(modelLab({ threads }), { home: new Home() }, async (stage) => {
    const waiting = (await jobsOf(stage)).filter(({ status }) => status === 'running').map(({ jobId }) => jobId);
    for (;;) {
      const now = (await jobsOf(stage)).filter(({ jobId, status }) => waiting.includes(jobId) || status === 'running');
      const running = now.filter(({ status }) => status === 'running');
      const total = now.reduce((sum, { slices }) => sum + slices, 0);
      progress.update(
        now.reduce((sum, { finished }) => sum + finished, 0),
        total,
        running[0]?.name ?? 'done',
      );
      if (running.length === 0) return now;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  });
  progress.stop();
  printResult({ jobs: done }, done.length > 0 ? done.map(lineOf) : ['no job waits'], options);
}

export async function list(options: OutputOptions): Promise<void> {
  const jobs = await inLab((stage) => jobsOf(stage));
  printResult({ jobs }, jobs.length > 0 ? jobs.map(lineOf) : ['there is no job yet'], options);
}

export async function show(options: OutputOptions, jobId: string): Promise<void> {
  const job = await inLab((stage) => findJob(stage, jobId));
  printResult(job, [lineOf(job), JSON.stringify(job.summary, undefined, 2)], options);
}

export async function cancel(options: SignedOptions & { readonly reason: string }, jobId: string): Promise<void> {
  const { id: by } = personOf(options, ASK);
  const job = await inLab(async (stage) => {
    const before = await findJob(stage, jobId);
    if (before.status !== 'running') {
      throw new InputError(`${jobId} is ${before.status}; only a job that runs can be cancelled`, { field: 'job' });
    }
    const asked = { by, at: toInstant(Date.now()), reason: options.reason };
    await stage.units.run((unit) => Promise.resolve(cancelJob(unit, jobId, asked)));
    return until(
      () => findJob(stage, jobId),
      ({ status }) => status !== 'running',
    );
  });
  printResult(job, [lineOf(job)], options);
}

function inLab<T>(act: (stage: RunningStage<DomainEvent>) => Promise<T>): Promise<T> {
  return withStage(MODEL_LAB, { home: new Home() }, act);
}

const jobsOf = (stage: RunningStage<DomainEvent>, jobId?: string): Promise<JobView[]> =>
  stage.units.run(({ manager }) => readJobs(manager, jobId));

async function findJob(stage: RunningStage<DomainEvent>, jobId: string): Promise<JobView> {
  const [job] = await jobsOf(stage, jobId);
  if (job) return job;
  throw new InputError(`no job is named ${jobId}`, { field: 'job' }, 'see `allostat job list`');
}

/** Waits until the job has come back from the topic. */
async function taken(stage: RunningStage<DomainEvent>, jobId: string): Promise<void> {
  await until(
    () => jobsOf(stage, jobId),
    (jobs) => jobs.length > 0,
  );
}

async function until<T>(read: () => Promise<T>, met: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await read();
    if (met(value)) return value;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

function lineOf({ jobId, name, kind, status, finished, slices, reason, resultHash }: JobView): string {
  const end = resultHash === null ? (reason === null ? '' : `: ${reason}`) : `: result ${resultHash}`;
  return `${jobId} ${name} (${kind}) is ${status}, ${finished} of ${slices} slices${end}`;
}
