import {
  BacktestCompletedSchema,
  CandidateTrainedSchema,
  DriftDetectedSchema,
  JobCancelledSchema,
  JobKindSchema,
  JobSubmittedSchema,
  ModelAliasSchema,
  ModelPromotedSchema,
  ModelSuspendedSchema,
} from '@allostat/contracts';
import type { JobKind } from '@allostat/pipeline';
import { eventMapper } from './event-mapper';
import { enumNumber, optional } from './field-reader';

export const candidateTrained = eventMapper({
  type: 'CandidateTrained',
  topic: 'model.lifecycle.v1',
  schema: CandidateTrainedSchema,
  key: (event) => event.model,
  toWire: ({ developers = [], ...event }) => ({ ...event, seed: BigInt(event.seed), developers: [...developers] }),
  fromWire: (message, read) => ({
    type: 'CandidateTrained',
    model: read.text('model', message.model),
    version: read.text('version', message.version),
    artefact: read.hash('artefact', message.artefact),
    trainedFrom: read.date('trained_from', message.trainedFrom),
    trainedTo: read.date('trained_to', message.trainedTo),
    observations: message.observations,
    logLikelihood: read.finite('log_likelihood', message.logLikelihood),
    converged: message.converged,
    seed: read.safeInteger('seed', message.seed),
    ...(message.developers.length > 0 && { developers: message.developers }),
  }),
});

export const modelPromoted = eventMapper({
  type: 'ModelPromoted',
  topic: 'model.lifecycle.v1',
  schema: ModelPromotedSchema,
  key: (event) => event.model,
  toWire: (event) => ({ ...event, alias: enumNumber(ModelAliasSchema, event.alias) }),
  fromWire: (message, read) => ({
    type: 'ModelPromoted',
    model: read.text('model', message.model),
    alias: read.enumName('alias', ModelAliasSchema, message.alias),
    version: read.text('version', message.version),
    artefact: read.hash('artefact', message.artefact),
    ...optional('previousVersion', message.previousVersion),
    reason: read.text('reason', message.reason),
  }),
});

export const modelSuspended = eventMapper({
  type: 'ModelSuspended',
  topic: 'model.lifecycle.v1',
  schema: ModelSuspendedSchema,
  key: (event) => event.model,
  toWire: (event) => ({ ...event }),
  fromWire: (message, read) => ({
    type: 'ModelSuspended',
    model: read.text('model', message.model),
    version: read.text('version', message.version),
    actor: read.text('actor', message.actor),
    reason: read.text('reason', message.reason),
    at: read.instant('at', message.at),
  }),
});

export const backtestCompleted = eventMapper({
  type: 'BacktestCompleted',
  topic: 'model.lifecycle.v1',
  schema: BacktestCompletedSchema,
  key: (event) => event.backtestId,
  toWire: (event) => ({ ...event }),
  fromWire: (message, read) => ({
    type: 'BacktestCompleted',
    backtestId: read.text('backtest_id', message.backtestId),
    resultHash: read.hash('result_hash', message.resultHash),
    trials: message.trials,
  }),
});

export const driftDetected = eventMapper({
  type: 'DriftDetected',
  topic: 'model.lifecycle.v1',
  schema: DriftDetectedSchema,
  key: (event) => event.model,
  toWire: (event) => ({ ...event }),
  fromWire: (message, read) => ({
    type: 'DriftDetected',
    model: read.text('model', message.model),
    version: read.text('version', message.version),
    detector: read.text('detector', message.detector),
    statistic: read.finite('statistic', message.statistic),
    threshold: read.finite('threshold', message.threshold),
    asOf: read.date('as_of', message.asOf),
  }),
});

export const jobSubmitted = eventMapper({
  type: 'JobSubmitted',
  topic: 'model.job.v1',
  schema: JobSubmittedSchema,
  key: (event) => event.jobId,
  toWire: (event) => ({ ...event, kind: enumNumber(JobKindSchema, event.kind) }),
  fromWire: (message, read) => ({
    type: 'JobSubmitted',
    jobId: read.text('job_id', message.jobId),
    kind: read.enumName<JobKind>('kind', JobKindSchema, message.kind),
    name: read.text('name', message.name),
    spec: read.hash('spec', message.spec),
    slices: read.between('slices', message.slices, 1, 100_000),
    submittedBy: read.text('submitted_by', message.submittedBy),
  }),
});

export const jobCancelled = eventMapper({
  type: 'JobCancelled',
  topic: 'model.job.v1',
  schema: JobCancelledSchema,
  key: (event) => event.jobId,
  toWire: (event) => ({ ...event }),
  fromWire: (message, read) => ({
    type: 'JobCancelled',
    jobId: read.text('job_id', message.jobId),
    cancelledBy: read.text('cancelled_by', message.cancelledBy),
    reason: read.text('reason', message.reason),
  }),
});
