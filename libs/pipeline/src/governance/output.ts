import type { Instant } from '@allostat/kernel';
import type { AuditRecord } from './audit-record';
import type {
  AllocationReleased,
  ProposalApproved,
  ProposalExpired,
  ProposalRejected,
  ProposalSuperseded,
  ReleaseHeld,
  ReviewMoved,
  ReviewOpened,
} from './events';

/** What a governance decision puts out: events for the bus and records for the audit log, in order. */
export type GovernanceOutput =
  | ReviewOpened
  | ProposalApproved
  | ProposalRejected
  | ProposalExpired
  | ProposalSuperseded
  | ReviewMoved
  | ReleaseHeld
  | AllocationReleased
  | AuditRecord;

export function audit(
  at: Instant,
  actor: string,
  action: string,
  mandateId: string,
  body: Readonly<Record<string, unknown>>,
): AuditRecord {
  return { type: 'AuditRecord', at, actor, action, subject: `mandate:${mandateId}`, body };
}
