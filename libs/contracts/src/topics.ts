/** A topic of the bus: what it carries, how it is keyed and kept, and who answers for it. */
export interface Topic {
  readonly name: string;
  /** What the message key identifies; messages with one key stay in order. */
  readonly key: 'universe' | 'mandate' | 'model' | 'job' | 'scope' | 'log';
  readonly partitions: number;
  /** How long messages are kept; `compacted` topics keep the last message of each key for ever. */
  readonly retentionDays: number | 'compacted';
  readonly owner: string;
  /** Other services that publish the same messages here, each under keys of its own. */
  readonly alsoFrom?: readonly string[];
  /** Full protobuf names of the messages it carries. */
  readonly messages: readonly string[];
  /** Who reads it outside the line. */
  readonly readers: string;
}

/** Every topic, in the order of the line. Changing a key or the number of partitions of a live topic moves keys: use a new topic. */
export const TOPICS = [
  {
    name: 'market.observation.v1',
    key: 'universe',
    partitions: 6,
    retentionDays: 30,
    owner: 'signal-ingestion',
    messages: ['allostat.market.v1.ObservationsRecorded'],
    readers: 'data teams',
  },
  {
    name: 'market.quarantine.v1',
    key: 'universe',
    partitions: 3,
    retentionDays: 90,
    owner: 'signal-ingestion',
    messages: ['allostat.signal_ingestion.v1.ObservationQuarantined', 'allostat.signal_ingestion.v1.SnapshotRefused'],
    readers: 'data teams',
  },
  {
    name: 'market.override.v1',
    key: 'universe',
    partitions: 1,
    retentionDays: 3650,
    owner: 'signal-ingestion',
    messages: ['allostat.signal_ingestion.v1.ObservationOverridden'],
    readers: 'compliance',
  },
  {
    name: 'universe.version.v1',
    key: 'universe',
    partitions: 1,
    retentionDays: 'compacted',
    owner: 'governance',
    messages: ['allostat.universe.v1.UniverseVersioned'],
    readers: 'every stage',
  },
  {
    name: 'mandate.version.v1',
    key: 'mandate',
    partitions: 1,
    retentionDays: 'compacted',
    owner: 'governance',
    messages: ['allostat.mandate.v1.MandateVersioned'],
    readers: 'every stage',
  },
  {
    name: 'signal.snapshot.v1',
    key: 'universe',
    partitions: 6,
    retentionDays: 30,
    owner: 'signal-ingestion',
    messages: ['allostat.signal_ingestion.v1.SignalSnapshotPublished'],
    readers: 'researchers',
  },
  {
    name: 'regime.assessment.v1',
    key: 'universe',
    partitions: 6,
    retentionDays: 30,
    owner: 'regime-detection',
    messages: ['allostat.regime_detection.v1.RegimeAssessed'],
    readers: 'risk desks',
  },
  {
    name: 'regime.alert.v1',
    key: 'universe',
    partitions: 3,
    retentionDays: 365,
    owner: 'regime-detection',
    messages: [
      'allostat.regime_detection.v1.RegimeChanged',
      'allostat.regime_detection.v1.RegimeAlertMoved',
      'allostat.regime_detection.v1.RegimeAlertHandled',
    ],
    readers: 'risk desks',
  },
  {
    name: 'regime.score.v1',
    key: 'universe',
    partitions: 3,
    retentionDays: 3650,
    owner: 'regime-detection',
    messages: ['allostat.regime_detection.v1.RegimeForecastsScored', 'allostat.regime_detection.v1.RegimeModelAligned'],
    readers: 'researchers',
  },
  {
    name: 'risk.model.v1',
    key: 'universe',
    partitions: 6,
    retentionDays: 30,
    owner: 'risk-budgeting',
    messages: ['allostat.risk_budgeting.v1.RiskModelEstimated', 'allostat.risk_budgeting.v1.AssetClustersChanged'],
    readers: 'risk desks',
  },
  {
    name: 'risk.budget.v1',
    key: 'mandate',
    partitions: 12,
    retentionDays: 30,
    owner: 'risk-budgeting',
    messages: ['allostat.risk_budgeting.v1.RiskBudgetSet'],
    readers: 'risk desks',
  },
  {
    name: 'allocation.proposal.v1',
    key: 'mandate',
    partitions: 12,
    retentionDays: 90,
    owner: 'optimization',
    messages: [
      'allostat.optimization.v1.AllocationProposed',
      'allostat.optimization.v1.AllocationUnchanged',
      'allostat.optimization.v1.AllocationInfeasible',
    ],
    readers: 'console',
  },
  {
    name: 'governance.decision.v1',
    key: 'mandate',
    partitions: 12,
    retentionDays: 3650,
    owner: 'governance',
    messages: [
      'allostat.governance.v1.ReviewOpened',
      'allostat.governance.v1.ProposalApproved',
      'allostat.governance.v1.ProposalRejected',
      'allostat.governance.v1.ProposalExpired',
      'allostat.governance.v1.ProposalSuperseded',
      'allostat.governance.v1.ReviewMoved',
      'allostat.governance.v1.ReleaseHeld',
    ],
    readers: 'compliance',
  },
  {
    name: 'allocation.instruction.v1',
    key: 'mandate',
    partitions: 12,
    retentionDays: 365,
    owner: 'governance',
    messages: ['allostat.governance.v1.AllocationInstruction', 'allostat.governance.v1.BookRequested'],
    readers: 'order system',
  },
  {
    name: 'allocation.status.v1',
    key: 'mandate',
    partitions: 12,
    retentionDays: 365,
    owner: 'order system',
    messages: ['allostat.governance.v1.AllocationStatus', 'allostat.governance.v1.BookReported'],
    readers: 'console',
  },
  {
    name: 'model.job.v1',
    key: 'job',
    partitions: 3,
    retentionDays: 90,
    owner: 'model-lab',
    messages: ['allostat.model_lab.v1.JobSubmitted', 'allostat.model_lab.v1.JobCancelled'],
    readers: 'researchers',
  },
  {
    name: 'model.lifecycle.v1',
    key: 'model',
    partitions: 1,
    retentionDays: 3650,
    owner: 'model-lab',
    messages: [
      'allostat.model_lab.v1.CandidateTrained',
      'allostat.model_lab.v1.ModelPromoted',
      'allostat.model_lab.v1.ModelSuspended',
      'allostat.model_lab.v1.BacktestCompleted',
      'allostat.model_lab.v1.DriftDetected',
    ],
    readers: 'researchers',
  },
  {
    name: 'control.killswitch.v1',
    key: 'scope',
    partitions: 1,
    retentionDays: 3650,
    owner: 'governance',
    messages: ['allostat.governance.v1.KillSwitchEngaged', 'allostat.governance.v1.KillAcknowledged'],
    readers: 'every stage',
  },
  {
    name: 'governance.alarm.v1',
    key: 'log',
    partitions: 1,
    retentionDays: 3650,
    owner: 'governance',
    messages: ['allostat.governance.v1.GovernanceAlarmMoved'],
    readers: 'risk desks, operations',
  },
  {
    name: 'audit.checkpoint.v1',
    key: 'log',
    partitions: 1,
    retentionDays: 3650,
    owner: 'governance',
    alsoFrom: ['model-lab'],
    messages: ['allostat.governance.v1.AuditCheckpointed'],
    readers: 'auditors',
  },
] as const satisfies readonly Topic[];

export type TopicName = (typeof TOPICS)[number]['name'];
