import type { Absence } from './review/absence';
import type { Delegation } from './review/delegation';
import type { ChallengeTopic } from './review/review-core';
import type { CommitteeStanding, Signature } from './review/sign';

/** What every person's command names: the proposal, and who is at the keyboard (already authenticated). */
interface OnProposal {
  readonly mandateId: string;
  readonly proposalId: string;
  readonly actor: string;
}

/** A person's decision on a waiting proposal. */
export interface DecideReview extends OnProposal, Signature {
  readonly type: 'DecideReview';
  /** Delegations that are known; those in force are looked through by four eyes. */
  readonly delegations?: readonly Delegation[];
  readonly absences?: readonly Absence[];
  readonly committees?: readonly CommitteeStanding[];
}

/** A person replaces the proposed weights by own ones, which then wait for other people's approval. */
export interface OverrideProposal extends OnProposal {
  readonly type: 'OverrideProposal';
  readonly reason: string;
  readonly weights: Readonly<Record<string, number>>;
}

/** A person doubts a proposal; it cannot be approved until somebody answers. */
export interface ChallengeReview extends OnProposal {
  readonly type: 'ChallengeReview';
  readonly topic: ChallengeTopic;
  readonly text: string;
}

export interface AnswerChallenge extends OnProposal {
  readonly type: 'AnswerChallenge';
  readonly challengeId: string;
  readonly text: string;
}

/** The maker takes his own proposal back; the machine's are withdrawn by a person who may decide. */
export interface WithdrawReview extends OnProposal {
  readonly type: 'WithdrawReview';
  readonly reason: string;
}

/** Time has passed: what is past its validity expires, what has waited too long is escalated. */
export interface ExpireReviews {
  readonly type: 'ExpireReviews';
  readonly mandateId: string;
}

/** What held a release back may be over: try again. */
export interface AttemptRelease {
  readonly type: 'AttemptRelease';
  readonly mandateId: string;
}
