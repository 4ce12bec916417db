import type { AnyEventMapper } from './event-mapper';
import * as governance from './governance.mapper';
import { governanceAlarmMoved } from './governance-alarm.mapper';
import { allocationReleased, allocationStatusReported, bookReported, bookRequested } from './instruction.mapper';
import { mandateVersioned } from './mandate.mapper';
import { observationsRecorded } from './market.mapper';
import * as modelLab from './model-lab.mapper';
import { allocationInfeasible, allocationProposed, allocationUnchanged } from './optimization.mapper';
import { regimeAlertHandled, regimeAlertMoved } from './regime-alert.mapper';
import { regimeAssessed, regimeChanged } from './regime-detection.mapper';
import { regimeForecastsScored, regimeModelAligned } from './regime-score.mapper';
import { assetClustersChanged, riskBudgetSet, riskModelEstimated } from './risk-budgeting.mapper';
import {
  observationOverridden,
  observationQuarantined,
  signalSnapshotPublished,
  snapshotRefused,
} from './signal-ingestion.mapper';
import { universeVersioned } from './universe.mapper';

/** One mapper per event, in the order of the line. */
export const MAPPERS: readonly AnyEventMapper[] = [
  observationsRecorded,
  universeVersioned,
  mandateVersioned,
  observationQuarantined,
  observationOverridden,
  snapshotRefused,
  signalSnapshotPublished,
  regimeAssessed,
  regimeChanged,
  regimeAlertMoved,
  regimeAlertHandled,
  regimeForecastsScored,
  regimeModelAligned,
  riskModelEstimated,
  assetClustersChanged,
  riskBudgetSet,
  allocationProposed,
  allocationUnchanged,
  allocationInfeasible,
  allocationStatusReported,
  governance.reviewOpened,
  governance.proposalApproved,
  governance.proposalRejected,
  governance.proposalExpired,
  governance.proposalSuperseded,
  governance.reviewMoved,
  governance.releaseHeld,
  allocationReleased,
  bookRequested,
  bookReported,
  governance.killSwitchEngaged,
  governance.killAcknowledged,
  governanceAlarmMoved,
  governance.auditCheckpointed,
  modelLab.candidateTrained,
  modelLab.modelPromoted,
  modelLab.modelSuspended,
  modelLab.backtestCompleted,
  modelLab.driftDetected,
  modelLab.jobSubmitted,
  modelLab.jobCancelled,
];
