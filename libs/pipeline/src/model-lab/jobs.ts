import { canonicalJson, sha256Hex, type ArtefactHash, type IsoDate } from '@allostat/kernel';
import {
  backtestStatistics,
  fitRegimeModel,
  outOfSampleSlice,
  outOfSampleSlices,
  randomisedBacktest,
  summariseDraws,
  summariseOutOfSample,
  type BacktestStatistics,
  type OutOfSampleSlice,
  type RandomisedDraw,
  type RegimeFeatures,
} from '@allostat/quant';
import { simulatePortfolioSpec } from '../backtest';
import { marketOf, type JobKind, type JobSpec } from './job-spec';
import { modelVersion } from './model-version';

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
  const slices = slicesOf(spec);
  return {
    text,
    job: { type: 'JobSubmitted', jobId: `job-${hash.slice(0, 16)}`, kind, name, spec: hash, slices, submittedBy },
  };
}

/** Parts of a job that can be computed apart. */
export function slicesOf(spec: JobSpec): number {
  switch (spec.kind) {
    case 'randomised-backtests':
      return spec.draws;
    case 'backtest':
      return Object.keys(spec.portfolios).length;
    case 'validation':
      return outOfSampleSlices(spec.market, spec.scheme);
    case 'regime-training':
      return 1;
  }
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

/** One portfolio of a backtest. Its hash is that of the whole simulation: equal runs have equal hashes. */
export interface BacktestSlice {
  readonly portfolio: string;
  readonly statistics: BacktestStatistics;
  readonly gross: BacktestStatistics;
  readonly finalValue: number;
  readonly trades: number;
  readonly unfilled: number;
  readonly resultHash: string;
}

export type SliceResult = RandomisedDraw | BacktestSlice | OutOfSampleSlice | TrainedSlice;

/** Computes one slice; it depends on the specification and its number alone, so any worker gives the same bits. */
export function runSlice(spec: JobSpec, slice: number): SliceResult {
  switch (spec.kind) {
    case 'randomised-backtests': {
      const { draws: _draws, kind: _kind, name: _name, market, ...options } = spec;
      return randomisedBacktest(marketOf(market), options, slice);
    }
    case 'backtest':
      return backtestSlice(spec, slice);
    case 'validation':
      return outOfSampleSlice(marketOf(spec.market), spec, slice);
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

function backtestSlice(spec: Extract<JobSpec, { kind: 'backtest' }>, slice: number): BacktestSlice {
  const { from, market: plain, portfolios, startValue, delayBars, costs, taxes, delistings } = spec;
  // by name: the store may keep the members of an object in another order
  const portfolio = Object.keys(portfolios).sort()[slice];
  const market = marketOf(plain);
  const firstRow = market.dates.findIndex((date) => date >= from);
  const simulation = simulatePortfolioSpec(portfolios[portfolio], market, {
    ...{ firstRow, delayBars, costs },
    ...(startValue !== undefined && { startValue }),
    ...(taxes && { taxes }),
    ...(delistings && { delistings }),
  });
  const riskFree = market.cashRates?.subarray(firstRow) ?? new Float64Array(market.dates.length - firstRow); // without rates cash earns nothing
  const { net, gross } = backtestStatistics(simulation, { riskFree });
  const { values, trades, unfilled, resultHash } = simulation;
  return {
    portfolio,
    statistics: net,
    gross,
    finalValue: values[values.length - 1],
    trades: trades.length,
    unfilled: unfilled.length,
    resultHash,
  };
}

/** A finished job: its slices in order, hashed, and what they say together. */
export interface JobResult {
  readonly resultHash: ArtefactHash;
  readonly summary: unknown;
}

/** What the slices, in order, make together. */
export function jobResult(spec: JobSpec, slices: readonly SliceResult[]): JobResult {
  return { resultHash: sha256Hex(canonicalJson(slices)) as ArtefactHash, summary: summaryOf(spec, slices) };
}

function summaryOf(spec: JobSpec, slices: readonly SliceResult[]): unknown {
  switch (spec.kind) {
    case 'randomised-backtests':
      return summariseDraws(slices as readonly RandomisedDraw[]);
    case 'backtest':
      return Object.fromEntries(
        (slices as readonly BacktestSlice[]).map(({ portfolio, ...figures }) => [portfolio, figures]),
      );
    case 'validation':
      return summariseOutOfSample(marketOf(spec.market), spec, slices as readonly OutOfSampleSlice[]);
    case 'regime-training':
      return (slices as readonly TrainedSlice[]).map(({ parameters: _parameters, ...facts }) => facts)[0];
  }
}
