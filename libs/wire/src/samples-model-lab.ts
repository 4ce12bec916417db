import type { DomainEvent } from '@allostat/pipeline';

const hash = (digit: string): string => digit.repeat(64);
const asOf = '2024-01-31';

/** One well-formed event of each type that is about models and jobs. */
export const MODEL_LAB_SAMPLES: readonly DomainEvent[] = [
  {
    type: 'CandidateTrained',
    model: 'regime',
    version: 'regime-0001',
    artefact: hash('1'),
    trainedFrom: '2014-01-01',
    trainedTo: asOf,
    observations: 2520,
    logLikelihood: -1234.5,
    converged: true,
    seed: 7,
  },
  {
    type: 'ModelPromoted',
    model: 'regime',
    alias: 'champion',
    version: 'regime-0002',
    artefact: hash('1'),
    previousVersion: 'regime-0001',
    reason: 'better log score out of sample',
  },
  {
    type: 'JobSubmitted',
    jobId: 'job-0123456789abcdef',
    kind: 'randomised-backtests',
    name: 'random stretches',
    spec: hash('3'),
    slices: 50,
    submittedBy: 'researcher-1',
  },
  { type: 'JobCancelled', jobId: 'job-0123456789abcdef', cancelledBy: 'researcher-1', reason: 'asked by mistake' },
  { type: 'BacktestCompleted', backtestId: 'b-1', resultHash: hash('2'), trials: 3 },
  {
    type: 'DriftDetected',
    model: 'regime',
    version: 'regime-0001',
    detector: 'psi',
    statistic: 0.3,
    threshold: 0.25,
    asOf,
  },
];
