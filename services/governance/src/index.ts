import type { Clock, VerifierKey } from '@allostat/kernel';
import {
  AuditRecordEntity,
  AuditSettings,
  serveAuditLog,
  signIn,
  type AuditLogIdentity,
  type SignInOptions,
  type StageDefinition,
} from '@allostat/platform';
import { AlarmsController } from './alarms/alarms.controller';
import { CreateAlarmTables1764300000003 } from './alarms/create-alarm-tables.migration';
import { AppendInDatabase1764500000001 } from './audit/append-in-database.migration';
import { AppendWithCommit1765000000001 } from './audit/append-with-commit.migration';
import { GovernanceBook } from './audit/compare-tables';
import { CreateAuditLog1764100000002 } from './audit/create-audit-log.migration';
import { ReceiptsController } from './audit/receipts.controller';
import { ChangesController } from './changes/changes.controller';
import { CreateVersionTable1764200000004 } from './changes/create-version-table.migration';
import { CommandCauses } from './command-cause';
import { CreateCommitteeTables1764300000002 } from './committee/create-committee-tables.migration';
import { MeetingsController } from './committee/meetings.controller';
import { CreateKillTables1764200000002 } from './kill/create-kill-tables.migration';
import { KillController } from './kill/kill.controller';
import { OnKillAcknowledged } from './kill/on-kill-acknowledged.handler';
import { OnAllocationProposed } from './on-allocation-proposed.handler';
import { OnAllocationStatusReported } from './on-allocation-status-reported.handler';
import { OnMandateVersioned } from './on-mandate-versioned.handler';
import { OnObservationOverridden } from './on-observation-overridden.handler';
import { OnModelLifecycle } from './on-model-lifecycle.handler';
import { OnRegimeModelAligned } from './on-regime-model-aligned.handler';
import { OnUniverseVersioned } from './on-universe-versioned.handler';
import { CreateOversightTables1764300000001 } from './oversight/create-oversight-tables.migration';
import { OversightController } from './oversight/oversight.controller';
import { PeopleRecord, RECORDS_PEOPLE } from './people/people-record';
import { ReconciliationsController } from './reconciliation/reconciliations.controller';
import { RecheckController } from './release/recheck.controller';
import { AbsencesController } from './review/absences.controller';
import { CreateReviewTables1764100000001 } from './review/create-review-tables.migration';
import { DelegationsController } from './review/delegations.controller';
import { CreateInfeasibleIndex1764400000001 } from './review/create-infeasible-index.migration';
import { ExtendReviews1764200000001 } from './review/extend-reviews.migration';
import { InfeasibleController } from './review/infeasible.controller';
import { InstructionEntity } from './review/instruction.entity';
import { ReviewDecisionEntity } from './review/review-decision.entity';
import { ReviewPartyEntity } from './review/review-party.entity';
import { ReviewEntity } from './review/review.entity';
import { ReviewsController } from './review/reviews.controller';

export { buildReceipt } from './audit/build-receipt';
export { AUDITED_TABLES, GovernanceBook } from './audit/compare-tables';
export { expireReviews, keepExpiring } from './expire-reviews';
export { pressInUnit, type Pressed } from './kill/press-in-unit';
export { readKillEntries } from './kill/kill.store';
export { CommandCauses } from './command-cause';
export { findReview, listReviews } from './review/review.store';
export type { ReviewView } from './review/review.mapper';
export { GOVERNANCE_ALARMS } from './alarms/webhook-source';
export { keepWatching, nightlyGovernance, watchGovernance } from './watch-governance';
export type { ReconciliationView } from './reconciliation/reconciliation.store';
export type { InfeasibleView } from './review/infeasible.store';
export type { DrillView } from './oversight/drill.store';

export interface GovernanceOptions extends SignInOptions {
  readonly clock: Clock;
  /** `wall`: commands count when they are made. `event`: when their proposal became known, for replays. */
  readonly commandTime: 'wall' | 'event';
  /** What checkpoints of the audit log are signed with; without it they are not made. */
  readonly auditLog?: AuditLogIdentity;
  /** Public keys of the witnesses whose co-signatures are taken. */
  readonly witnesses?: readonly VerifierKey[];
}

export function governance({
  clock,
  commandTime,
  auditLog,
  witnesses = [],
  ...people
}: GovernanceOptions): StageDefinition {
  const { controllers, providers } = signIn(people);
  const log = serveAuditLog(new AuditSettings(auditLog, witnesses, () => new GovernanceBook()));
  return {
    name: 'governance',
    controllers: [
      OnUniverseVersioned,
      OnMandateVersioned,
      OnAllocationProposed,
      OnAllocationStatusReported,
      OnKillAcknowledged,
      OnModelLifecycle,
      OnObservationOverridden,
      OnRegimeModelAligned,
      ...controllers,
      ReviewsController,
      RecheckController,
      InfeasibleController,
      OversightController,
      DelegationsController,
      AbsencesController,
      MeetingsController,
      AlarmsController,
      ReconciliationsController,
      KillController,
      ChangesController,
      ReceiptsController,
      ...log.controllers,
    ],
    providers: [
      ...providers,
      ...log.providers,
      { provide: CommandCauses, useValue: new CommandCauses(clock, commandTime) },
      { provide: RECORDS_PEOPLE, useValue: commandTime === 'wall' },
      PeopleRecord,
    ],
    entities: [ReviewEntity, ReviewDecisionEntity, ReviewPartyEntity, InstructionEntity, AuditRecordEntity],
    migrations: [
      CreateReviewTables1764100000001,
      CreateAuditLog1764100000002,
      ExtendReviews1764200000001,
      CreateKillTables1764200000002,
      CreateVersionTable1764200000004,
      CreateOversightTables1764300000001,
      CreateCommitteeTables1764300000002,
      CreateAlarmTables1764300000003,
      CreateInfeasibleIndex1764400000001,
      AppendInDatabase1764500000001,
      AppendWithCommit1765000000001,
    ],
    http: true,
    commitsEarly: true,
    // while one appends to the log the others read and write what they append; more would only queue for it
    poolSize: 8,
  };
}
