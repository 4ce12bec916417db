import { sleep } from '@allostat/platform';
import { GovernanceClient } from '../governance-client';

const AWAY_MS = 200;

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

  /** Signs for everybody who is needed; goes on when governance is away for a moment or has the signature already. */
  async approve(proposalId: string): Promise<void> {
    for (const { token, reason } of this.signatories) {
      for (;;) {
        try {
          const review = await this.governance.show(proposalId, token);
          const decision = { decision: 'approve', reason, confirm: review.questions } as const;
          if (review.needs > 0) await this.governance.decide(review, decision, token);
          break;
        } catch (error) {
          const { code } = error as { code?: string };
          if (code === 'GOVERNANCE.ALREADY_DECIDED' || code === 'GOVERNANCE.REVIEW_CLOSED') break;
          if (code !== 'GOVERNANCE.UNREACHABLE') throw error;
          await sleep(AWAY_MS);
        }
      }
    }
  }
}

/** The two demonstration people, signing at this address. */
export function pilotFor(governanceUrl: string, tokens: Readonly<Record<string, string>>): Pilot {
  return new Pilot(new GovernanceClient(governanceUrl), [
    { token: tokens.pat, reason: 'within the mandate, follows the regime forecast' },
    { token: tokens.riley, reason: 'risk budget and limits are kept' },
  ]);
}
