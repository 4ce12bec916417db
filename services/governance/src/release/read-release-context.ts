import type { DomainEvent, GovernanceState, ReleaseContext } from '@allostat/pipeline';
import type { UnitOfWork } from '@allostat/platform';
import { currentPolicySet } from '../changes/change.store';
import { stoppedScopes } from '../kill/kill.store';
import { UNIVERSES } from '../on-universe-versioned.handler';
import { readCaps } from '../review/cap.store';
import { runningBuilds } from './running-builds';

/** What a release of this mandate depends on now, read in the transaction that may make it. */
export async function readReleaseContext(
  unit: UnitOfWork<DomainEvent>,
  { mandate, review }: GovernanceState,
  now: string,
): Promise<ReleaseContext | undefined> {
  if (!mandate || !review) return undefined;
  const { manager } = unit;
  const universe = await UNIVERSES.peek(unit, mandate.universeId);
  const policySet = await currentPolicySet(manager);
  return {
    policySet,
    ...(universe && { universe }),
    killed: await stoppedScopes(manager, mandate.id),
    builds: await runningBuilds(manager),
    caps: await readCaps(manager, policySet, mandate.id, review.proposal.proposalId, now),
  };
}
