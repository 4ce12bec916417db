import { modelScopes, type DomainEvent, type GovernanceState, type ReleaseContext } from '@allostat/pipeline';
import type { UnitOfWork } from '@allostat/platform';
import { currentPolicySet } from '../changes/change.store';
import { stoppedScopes } from '../kill/kill.store';
import { modelStandings, standingKey } from '../models/model-standing.store';
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
  const uses = review.proposal.facts?.models ?? [];
  const models = modelScopes(uses.map(standingKey));
  const traded = new Set(
    review.proposal.weights.flatMap(({ instrument, previousWeight, targetWeight }) =>
      previousWeight === targetWeight ? [] : [instrument],
    ),
  );
  const venues = (universe?.instruments ?? []).flatMap(({ id, venue }) =>
    venue !== undefined && traded.has(id) ? [venue] : [],
  );
  return {
    policySet,
    ...(universe && { universe }),
    killed: await stoppedScopes(manager, { mandateId: mandate.id, models, venues }),
    models: await modelStandings(unit, uses),
    builds: await runningBuilds(manager),
    caps: await readCaps(manager, policySet, mandate.id, review.proposal.proposalId, now),
  };
}
