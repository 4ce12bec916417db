import type { ArtefactHash, IsoDate } from '@allostat/kernel';

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
