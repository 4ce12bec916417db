import type { TopicName } from './topics';

/** A stage of the line: what it listens to and what it publishes. No stage listens to one that comes after it. */
export interface StageContract {
  readonly name: string;
  readonly consumes: readonly TopicName[];
  readonly emits: readonly TopicName[];
  /** One sentence on what the stage answers for. */
  readonly owns: string;
}

/**
 * The line, in order. `allocation.status.v1` comes from the order system, which stands outside the line,
 * so listening to it is not a step back.
 */
export const STAGES = [
  {
    name: 'signal-ingestion',
    consumes: ['universe.version.v1', 'market.observation.v1'],
    emits: ['market.observation.v1', 'signal.snapshot.v1', 'market.quarantine.v1', 'market.override.v1'],
    owns: 'data quality, signals, lineage',
  },
  {
    name: 'regime-detection',
    consumes: ['signal.snapshot.v1', 'model.lifecycle.v1'],
    emits: ['regime.assessment.v1', 'regime.alert.v1', 'regime.score.v1'],
    owns: 'filtered regime probabilities, forecasts, names and alerts',
  },
  {
    name: 'risk-budgeting',
    consumes: ['mandate.version.v1', 'regime.assessment.v1', 'allocation.status.v1'],
    emits: ['risk.model.v1', 'risk.budget.v1'],
    owns: 'covariance, volatility target, drawdown budget used',
  },
  {
    name: 'optimization',
    consumes: ['universe.version.v1', 'mandate.version.v1', 'risk.budget.v1'],
    emits: ['allocation.proposal.v1'],
    owns: 'the proposal, its certificate and its explanation',
  },
  {
    name: 'governance',
    consumes: [
      'universe.version.v1',
      'mandate.version.v1',
      'market.override.v1',
      'regime.score.v1',
      'allocation.proposal.v1',
      'allocation.status.v1',
      'control.killswitch.v1',
      'model.lifecycle.v1',
    ],
    emits: [
      'universe.version.v1',
      'mandate.version.v1',
      'governance.decision.v1',
      'allocation.instruction.v1',
      'control.killswitch.v1',
      'governance.alarm.v1',
      'audit.checkpoint.v1',
    ],
    owns: 'reviews, releases, the kill switch and the audit log',
  },
  {
    name: 'model-lab',
    consumes: ['model.job.v1'],
    emits: ['model.job.v1', 'model.lifecycle.v1', 'audit.checkpoint.v1'],
    owns: 'jobs of training and backtesting, registration and promotion of models, and the audit log of the registry',
  },
] as const satisfies readonly StageContract[];
