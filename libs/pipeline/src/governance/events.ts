import type { Instant, IsoDate } from '@allostat/kernel';

/** One person's recorded decision on a proposal, bound to what that person saw. */
export interface ReviewDecision {
  readonly actor: string;
  readonly decision: 'approve' | 'reject';
  readonly reason: string;
  /** SHA-256 of the canonical JSON of the proposal. */
  readonly contentHash: string;
  readonly at: Instant;
}

interface Reviewed {
  readonly mandateId: string;
  readonly proposalId: string;
  readonly contentHash: string;
}

export interface ReviewOpened extends Reviewed {
  readonly type: 'ReviewOpened';
  readonly maker: string;
  readonly requiredApprovals: number;
  readonly expiresAt: Instant;
}
export interface ProposalApproved extends Reviewed {
  readonly type: 'ProposalApproved';
  readonly decisions: readonly ReviewDecision[];
}
export interface ProposalRejected extends Reviewed {
  readonly type: 'ProposalRejected';
  readonly decisions: readonly ReviewDecision[];
}
export interface ProposalExpired extends Reviewed {
  readonly type: 'ProposalExpired';
  readonly expiredAt: Instant;
}
export interface ProposalSuperseded extends Reviewed {
  readonly type: 'ProposalSuperseded';
  readonly supersededBy: string;
}

/** The approved proposal as the order system receives it. */
export interface AllocationReleased {
  readonly type: 'AllocationReleased';
  readonly instructionId: string;
  /** Contiguous per mandate, from 1. */
  readonly sequence: number;
  readonly mandateId: string;
  readonly proposalId: string;
  readonly contentHash: string;
  readonly asOf: IsoDate;
  readonly releasedAt: Instant;
  readonly validUntil: Instant;
  readonly targets: readonly {
    readonly instrument: string;
    readonly weight: number;
    readonly referencePrice: number;
  }[];
  readonly approvals: readonly ReviewDecision[];
  /** Hash of the audit record that proves the release. */
  readonly auditHash: string;
}

export interface KillSwitchEngaged {
  readonly type: 'KillSwitchEngaged';
  readonly scope: string;
  readonly engaged: boolean;
  readonly actor: string;
  readonly reason: string;
  readonly at: Instant;
}

export interface AuditCheckpointed {
  readonly type: 'AuditCheckpointed';
  /** Name of the log. */
  readonly log: string;
  readonly size: number;
  /** Root of its Merkle tree, hexadecimal. */
  readonly root: string;
  /** The checkpoint as the log signed it: C2SP signed note. Messages of old have none. */
  readonly note?: string;
}
