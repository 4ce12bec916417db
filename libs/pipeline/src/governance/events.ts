import type { Quote } from '../universe/foreign-level';
import type { HalfDay } from '../mandate/trading-calendar';
import type { Instant, IsoDate } from '@allostat/kernel';
import type { AllocationStatusReported } from '../optimization/events';
import type { Tier } from './review/materiality';
import type { ReviewStatus } from './review/review-status';

/** A part of the evidence as it was shown to the person who decided, recorded when it was fetched. */
export interface EvidenceView {
  readonly part: string;
  /** SHA-256 of the canonical JSON of what was shown. */
  readonly hash: string;
  readonly openedAt: Instant;
}

/** One person's recorded decision on a proposal, bound to what that person saw. */
export interface ReviewDecision {
  readonly actor: string;
  readonly decision: 'approve' | 'reject';
  readonly reason: string;
  /** SHA-256 of the canonical JSON of the proposal. */
  readonly contentHash: string;
  readonly at: Instant;
  /** Role in which the person decided. */
  readonly function?: string;
  /** The person in whose name it was decided, when that is another one. */
  readonly onBehalfOf?: string;
  readonly reasonCode?: string;
  /** Statements that the person confirmed or denied. */
  readonly answers?: Readonly<Record<string, boolean>>;
  /** Parts of the evidence that the person says to have read, outside papers included. */
  readonly evidence?: readonly string[];
  /** Parts of the evidence that governance had shown to the person, first openings. */
  readonly viewed?: readonly EvidenceView[];
  /** How the person proved who he is. */
  readonly authentication?: string;
  /** Meetings whose resolutions a person who signs for committees rests on. */
  readonly resolutions?: readonly string[];
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
  readonly tier?: Tier;
  /** Roles that must be among the approvers. */
  readonly functions?: readonly string[];
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

/** A step of a review that neither approves nor ends it in one of the ways above. */
export interface ReviewMoved extends Reviewed {
  readonly type: 'ReviewMoved';
  readonly action: 'challenge' | 'answer' | 'withdraw' | 'edit' | 'escalate';
  readonly status: ReviewStatus;
  readonly actor: string;
  readonly text: string;
  readonly at: Instant;
}

/** An approved proposal that may not leave, and why. It stays approved until its validity ends. */
export interface ReleaseHeld extends Reviewed {
  readonly type: 'ReleaseHeld';
  readonly at: Instant;
  readonly reasons: readonly { readonly rule: string; readonly reason: string }[];
}

/** An order that the change of one weight implies. Indicative: the order system trades by the target. */
export interface IndicativeOrder {
  readonly instrument: string;
  readonly side: 'buy' | 'sell';
  /** Units, a whole number of lots. */
  readonly quantity: number;
  readonly lotSize: number;
  /** In the currency of the order. */
  readonly referencePrice: number;
  /** Where the instrument is quoted in another currency than the instruction's: that currency, and the rate to convert it by. */
  readonly quoted?: Pick<Quote, 'currency' | 'rate' | 'rateAt'>;
  /** Market of the instrument, where the universe names it. */
  readonly venue?: string;
}

/** What an order system needs beside the targets. */
export interface InstructionTerms {
  readonly action: 'new' | 'replace' | 'cancel';
  /** Instruction that this one takes the place of. */
  readonly supersedes?: string;
  readonly currency: string;
  /** Assets in `currency` that quantities were worked out on. */
  readonly notional: number;
  /** Decimal places at which the weights sum to exactly 1. */
  readonly weightScale: number;
  readonly effectiveFrom: Instant;
  /** Days until the end of its validity on which nothing is traded, and those that end early; for mandates with a calendar. */
  readonly daysOff?: { readonly closed: readonly IsoDate[]; readonly halfDays: readonly HalfDay[] };
  /** What the approvers saw as held before the trade, and the close of the prices. */
  readonly holdings: { readonly asOf: IsoDate; readonly hash: string; readonly weights: readonly HeldWeight[] };
  readonly orders: readonly IndicativeOrder[];
  readonly cash: { readonly targetWeight: number; readonly funding: 'sell-first' };
  readonly provenance: {
    readonly mode: 'pilot' | 'production' | 'shadow';
    readonly regime: string;
    readonly mandateVersion: number;
    readonly riskModel: string;
    readonly budget: string;
    readonly policySet: string;
    /** Versions of the models that the proposal follows from, as `NAME@VERSION`. */
    readonly models?: readonly string[];
  };
}

export interface HeldWeight {
  readonly instrument: string;
  readonly weight: number;
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
  /** Absent in instructions from before terms were sent. */
  readonly terms?: InstructionTerms;
  /** Hash of the audit record of the release, whose body is everything above: who has the message can recompute it. */
  readonly auditHash: string;
}

export interface KillSwitchEngaged {
  readonly type: 'KillSwitchEngaged';
  /** `all`, `mandate:ID`, `model:ID` or `venue:ID`. */
  readonly scope: string;
  /** False when two people have armed releases again. */
  readonly engaged: boolean;
  readonly actor: string;
  readonly reason: string;
  readonly at: Instant;
  /** Practised, not needed: recorded apart. */
  readonly drill?: boolean;
}

/** The order system's count of what a stop reached. */
export interface KillAcknowledged {
  readonly type: 'KillAcknowledged';
  readonly scope: string;
  readonly mandateId: string;
  /** Instructions that were stopped, and those that could not be any more. */
  readonly affected: number;
  readonly notAffected: number;
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

/** A step of an alarm: somebody must be told, was told again, or has it in hand. */
export interface GovernanceAlarmMoved {
  readonly type: 'GovernanceAlarmMoved';
  /** Contiguous, from 1: a reader that was away asks for what follows the last one it has. */
  readonly sequence: number;
  readonly alarmId: string;
  readonly step: 'raised' | 'repeated' | 'acknowledged';
  readonly kind:
    | 'instruction-unacknowledged'
    | 'people-file-broken'
    | 'book-not-reported'
    | 'books-differ'
    | 'review-waits'
    | 'rubber-stamp'
    | 'allocation-infeasible';
  readonly severity: 'warning' | 'critical';
  readonly subject: string;
  readonly mandateId?: string;
  readonly text: string;
  readonly raisedAt: Instant;
  readonly at: Instant;
  /** With `acknowledged`: who, and why it is in hand. */
  readonly actor?: string;
  readonly reason?: string;
}

/** Governance asks what the order system has of a mandate; it stands behind every instruction that was sent before. */
export interface BookRequested {
  readonly type: 'BookRequested';
  readonly requestId: string;
  readonly mandateId: string;
  /** Sequence of the last instruction that was released. */
  readonly throughSequence: number;
  readonly at: Instant;
}

/** What the order system has of a mandate: every instruction it ever took, with its present state. */
export interface BookReported {
  readonly type: 'BookReported';
  readonly requestId: string;
  readonly mandateId: string;
  readonly at: Instant;
  readonly lines: readonly {
    readonly sequence: number;
    readonly instructionId: string;
    readonly status: AllocationStatusReported['status'];
  }[];
}
