import type { ReviewView } from '@allostat/governance';
import { AllostatError } from '@allostat/kernel';
import { sleep } from '@allostat/platform';
import { GovernanceClient } from '../governance-client';

const AWAY_MS = 200;
/** Refusals that say that there is nothing left to sign. */
const SETTLED: readonly string[] = [
  'GOVERNANCE.ALREADY_DECIDED',
  'GOVERNANCE.REVIEW_CLOSED',
  'GOVERNANCE.ACTION_NOT_ALLOWED',
];

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
    for (const { token, reason } of this.signatories) requireReleased(await this.sign(proposalId, token, reason));
  }

  private async sign(proposalId: string, token: string, reason: string): Promise<ReviewView> {
    for (;;) {
      try {
        const review = await this.governance.show(proposalId, token);
        if (review.needs === 0) return review;
        const decision = { decision: 'approve', reason, confirm: review.questions } as const;
        return await this.governance.decide(review, decision, token);
      } catch (error) {
        const { code = '' } = error as { code?: string };
        if (SETTLED.includes(code)) return this.governance.show(proposalId, token);
        if (code !== 'GOVERNANCE.UNREACHABLE') throw error;
        await sleep(AWAY_MS);
      }
    }
  }
}

/** A release that was held back would be waited for in vain: the replay ends and says why. */
function requireReleased({ id, status, held = [] }: ReviewView): void {
  if (!['approved', 'voided'].includes(status)) return;
  const reasons = held.map(({ rule, reason }) => `${rule}: ${reason}`).join('; ');
  throw new AllostatError(
    'GOVERNANCE.RELEASE_HELD',
    `proposal ${id} was signed and is ${status}${reasons === '' ? '' : ` (${reasons})`}`,
    'see `allostat review show`; the policy set or the mandate does not fit the market',
  );
}

/** The two demonstration people, signing at this address. */
export function pilotFor(governanceUrl: string, tokens: Readonly<Record<string, string>>): Pilot {
  return new Pilot(new GovernanceClient(governanceUrl), [
    { token: tokens.pat, reason: 'within the mandate, follows the regime forecast' },
    { token: tokens.riley, reason: 'risk budget and limits are kept' },
  ]);
}
