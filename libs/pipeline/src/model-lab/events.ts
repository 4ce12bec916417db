import type { ArtefactHash, Instant, IsoDate } from '@allostat/kernel';

export interface CandidateTrained {
  readonly type: 'CandidateTrained';
  readonly model: string;
  readonly version: string;
  readonly artefact: ArtefactHash;
  readonly trainedFrom: IsoDate;
  readonly trainedTo: IsoDate;
  readonly observations: number;
  readonly logLikelihood: number;
  readonly converged: boolean;
  readonly seed: number;
  /** People who made it. */
  readonly developers?: readonly string[];
}

export interface ModelPromoted {
  readonly type: 'ModelPromoted';
  readonly model: string;
  readonly alias: 'champion' | 'challenger';
  readonly version: string;
  readonly artefact: ArtefactHash;
  readonly previousVersion?: string;
  readonly reason: string;
}

/** A version is taken out of use at once: nothing that follows from it is released. */
export interface ModelSuspended {
  readonly type: 'ModelSuspended';
  readonly model: string;
  readonly version: string;
  readonly actor: string;
  readonly reason: string;
  readonly at: Instant;
}

export interface BacktestCompleted {
  readonly type: 'BacktestCompleted';
  readonly backtestId: string;
  readonly resultHash: ArtefactHash;
  readonly trials: number;
}

export interface DriftDetected {
  readonly type: 'DriftDetected';
  readonly model: string;
  readonly version: string;
  readonly detector: string;
  readonly statistic: number;
  readonly threshold: number;
  readonly asOf: IsoDate;
}
