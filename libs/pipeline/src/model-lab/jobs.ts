import { canonicalJson, sha256Hex, type ArtefactHash, type IsoDate } from '@allostat/kernel';
import {
  fitRegimeModel,
  RANDOMISED_KINDS,
  randomisedBacktest,
  summariseDraws,
  type MarketHistory,
  type RandomisedDraw,
  type RegimeFeatures,
} from '@allostat/quant';
import { z } from 'zod';
import { modelVersion } from './model-version';

const level = z.number().gt(0).nullable();

/** Random stretches and assets of a history, every policy on each: one slice a draw. */
const randomisedJob = z.strictObject({
  kind: z.literal('randomised-backtests'),
  name: z.string().min(1),
  draws: z.int().min(1).max(100_000),
  seed: z.int().min(0),
  assetsPerDraw: z.int().min(2).max(500),
  barsPerDraw: z.int().min(63).max(10_000),
  historyBars: z.int().min(63).max(2520).default(504),
  cost: z.number().min(0).max(0.1).default(0.001),
  delayBars: z.int().min(0).max(20).default(1),
  policies: z.record(
    z.string(),
    z.strictObject({ kind: z.enum(RANDOMISED_KINDS), weightMax: z.number().gt(0).max(1).exactOptional() }),
  ),
  market: z.strictObject({
    dates: z.array(z.iso.date()).min(2),
    assets: z.array(z.string()).min(2),
    /** Row by row; null where an asset has none. */
    levels: z.array(level),
    cashRates: z.array(z.number()).exactOptional(),
  }),
});

/** A regime model fitted on the features of a history: one slice. */
const trainingJob = z.strictObject({
  kind: z.literal('regime-training'),
  name: z.string().min(1),
  /** Name in the registry, such as `regime:demo`. */
  model: z.string().min(1),
  history: z.array(z.strictObject({ asOf: z.iso.date(), values: z.record(z.string(), z.number()) })).min(1),
});

/** What a job is asked to do: everything that its result depends on. */
export const jobSpecSchema = z.discriminatedUnion('kind', [randomisedJob, trainingJob]);
export type JobSpec = z.infer<typeof jobSpecSchema>;
export type JobKind = JobSpec['kind'];

/** A job was asked for; its specification is an artefact. The id follows from it, so asking twice is asking once. */
export interface JobSubmitted {
  readonly type: 'JobSubmitted';
  readonly jobId: string;
  readonly kind: JobKind;
  readonly name: string;
  readonly spec: ArtefactHash;
  readonly slices: number;
  readonly submittedBy: string;
}

/** Nobody needs the result any more: slices that have not begun are not computed. */
export interface JobCancelled {
  readonly type: 'JobCancelled';
  readonly jobId: string;
  readonly cancelledBy: string;
  readonly reason: string;
}

/** Canonical text of a specification and the job that it makes. */
export function jobOf(spec: JobSpec, submittedBy: string): { readonly text: string; readonly job: JobSubmitted } {
  const text = canonicalJson(spec);
  const hash = sha256Hex(text) as ArtefactHash;
  const { kind, name } = spec;
  const slices = kind === 'randomised-backtests' ? spec.draws : 1;
  return {
    text,
    job: { type: 'JobSubmitted', jobId: `job-${hash.slice(0, 16)}`, kind, name, spec: hash, slices, submittedBy },
  };
}

/** What a trained model's slice leaves. */
export interface TrainedSlice {
  readonly version: string;
  readonly parameters: unknown;
  readonly trainedFrom: IsoDate;
  readonly trainedTo: IsoDate;
  readonly observations: number;
  readonly logLikelihood: number;
  readonly converged: boolean;
}

export type SliceResult = RandomisedDraw | TrainedSlice;

/** Computes one slice; it depends on the specification and its number alone, so any worker gives the same bits. */
export function runSlice(spec: JobSpec, slice: number): SliceResult {
  switch (spec.kind) {
    case 'randomised-backtests': {
      const { draws: _draws, kind: _kind, name: _name, market, ...options } = spec;
      return randomisedBacktest(marketOf(market), options, slice);
    }
    case 'regime-training': {
      const parameters = fitRegimeModel(spec.history as readonly RegimeFeatures[]);
      const { from, to, observations, logLikelihood, converged } = parameters.training;
      return {
        version: modelVersion(to, parameters),
        parameters,
        trainedFrom: from,
        trainedTo: to,
        observations,
        logLikelihood,
        converged,
      };
    }
  }
}

function marketOf({
  dates,
  assets,
  levels,
  cashRates,
}: Extract<JobSpec, { market: unknown }>['market']): MarketHistory {
  return {
    dates,
    assets,
    levels: Float64Array.from(levels, (value) => value ?? NaN),
    ...(cashRates && { cashRates: Float64Array.from(cashRates) }),
  };
}

/** A finished job: its slices in order, hashed, and what they say together. */
export interface JobResult {
  readonly resultHash: ArtefactHash;
  readonly summary: unknown;
}

/** What the slices, in order, make together. */
export function jobResult(kind: JobKind, slices: readonly SliceResult[]): JobResult {
  const summary =
    kind === 'randomised-backtests'
      ? summariseDraws(slices as readonly RandomisedDraw[])
      : (slices as readonly TrainedSlice[]).map(({ parameters: _parameters, ...facts }) => facts)[0];
  return { resultHash: sha256Hex(canonicalJson(slices)) as ArtefactHash, summary };
}
