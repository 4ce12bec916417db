/** A person's decision on a waiting proposal, as it arrives at the edge (the actor is already authenticated). */
export interface DecideReview {
  readonly type: 'DecideReview';
  readonly mandateId: string;
  readonly proposalId: string;
  readonly actor: string;
  readonly decision: 'approve' | 'reject';
  readonly reason: string;
  /** Content the person saw. */
  readonly contentHash: string;
}

/** A person replaces the proposed weights by own ones, which then wait for other people's approval. */
export interface OverrideProposal {
  readonly type: 'OverrideProposal';
  readonly mandateId: string;
  readonly proposalId: string;
  readonly actor: string;
  readonly reason: string;
  readonly weights: Readonly<Record<string, number>>;
}

/** Time has passed: what is past its validity expires. */
export interface ExpireReviews {
  readonly type: 'ExpireReviews';
  readonly mandateId: string;
}
