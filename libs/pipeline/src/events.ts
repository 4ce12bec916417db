import type { ObservationsRecorded } from './observation/events';
import type {
  ObservationOverridden,
  ObservationQuarantined,
  SignalSnapshotPublished,
  SnapshotRefused,
} from './signal-ingestion/events';
import type { RegimeAlertHandled, RegimeAlertMoved } from './regime-detection/alert-events';
import type {
  RegimeAssessed,
  RegimeChanged,
  RegimeForecastsScored,
  RegimeModelAligned,
} from './regime-detection/events';
import type { AssetClustersChanged, RiskBudgetSet, RiskModelEstimated } from './risk-budgeting/events';
import type {
  AllocationInfeasible,
  AllocationProposed,
  AllocationStatusReported,
  AllocationUnchanged,
} from './optimization/events';
import type {
  AllocationReleased,
  AuditCheckpointed,
  BookReported,
  BookRequested,
  GovernanceAlarmMoved,
  KillAcknowledged,
  KillSwitchEngaged,
  ProposalApproved,
  ProposalExpired,
  ProposalRejected,
  ProposalSuperseded,
  ReleaseHeld,
  ReviewMoved,
  ReviewOpened,
} from './governance/events';
import type { JobCancelled, JobSubmitted } from './model-lab/jobs';
import type {
  BacktestCompleted,
  CandidateTrained,
  DriftDetected,
  ModelPromoted,
  ModelSuspended,
} from './model-lab/events';
import type { UniverseVersioned } from './universe/universe';
import type { MandateVersioned } from './mandate/mandate';

/** Every fact that travels between the stages. */
export type DomainEvent =
  | ObservationsRecorded
  | ObservationQuarantined
  | ObservationOverridden
  | SnapshotRefused
  | SignalSnapshotPublished
  | RegimeAssessed
  | RegimeChanged
  | RegimeAlertMoved
  | RegimeAlertHandled
  | RegimeForecastsScored
  | RegimeModelAligned
  | RiskModelEstimated
  | AssetClustersChanged
  | RiskBudgetSet
  | AllocationProposed
  | AllocationUnchanged
  | AllocationInfeasible
  | AllocationStatusReported
  | ReviewOpened
  | ProposalApproved
  | ProposalRejected
  | ProposalExpired
  | ProposalSuperseded
  | ReviewMoved
  | ReleaseHeld
  | AllocationReleased
  | BookRequested
  | BookReported
  | GovernanceAlarmMoved
  | KillSwitchEngaged
  | KillAcknowledged
  | AuditCheckpointed
  | CandidateTrained
  | ModelPromoted
  | ModelSuspended
  | BacktestCompleted
  | DriftDetected
  | JobSubmitted
  | JobCancelled
  | UniverseVersioned
  | MandateVersioned;
export type EventType = DomainEvent['type'];
export type EventOf<T extends EventType> = Extract<DomainEvent, { type: T }>;
