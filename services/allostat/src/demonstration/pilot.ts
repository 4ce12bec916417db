import { GovernanceClient } from '../governance-client';

export interface Signatory {
  readonly token: string;
  readonly reason: string;
}

/** Signs waiting proposals for the demonstration's people, over the same API that everybody uses. */
export class Pilot {
  constructor(
    private readonly governance: GovernanceClient,
    private readonly signatories: readonly Signatory[],
  ) {}

  async approve(proposalId: string): Promise<void> {
    for (const { token, reason } of this.signatories) {
      const review = await this.governance.show(proposalId, token);
      if (review.needs > 0) await this.governance.decide(review, 'approve', reason, token);
    }
  }
}
