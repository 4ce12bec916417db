import { deterministicId, type Instant } from '@allostat/kernel';
import { GovernanceRefusal } from '../refusal';
import type { DelegationLink } from './parties';

/** One person lets another decide in his name, in one function, for a time. */
export interface Delegation {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly function: string;
  readonly mandateId: string | '*';
  readonly validFrom: Instant;
  readonly validUntil: Instant;
  readonly reason: string;
  readonly revokedAt?: Instant;
}

const LONGEST_DAYS = 92;

/** A new delegation; refused when it is to oneself, begins in the past, runs backwards or is longer than a quarter. */
export function delegate(wanted: Omit<Delegation, 'id' | 'revokedAt'>, now: Instant): Delegation {
  const { from, to, validFrom, validUntil } = wanted;
  const days = (Date.parse(validUntil) - Date.parse(validFrom)) / 86_400_000;
  if (from === to) refuse(`${from} cannot delegate to himself`, 'name another person');
  if (validFrom < now)
    refuse(`a delegation cannot begin at ${validFrom}, before it is made`, `begin at ${now} or later`);
  if (!(days > 0 && days <= LONGEST_DAYS)) {
    refuse(`a delegation lasts more than 0 and at most ${LONGEST_DAYS} days, got ${days}`, 'choose an earlier end');
  }
  return { ...wanted, id: deterministicId('delegation', from, to, wanted.function, wanted.mandateId, validFrom) };
}

export function isInForce({ validFrom, validUntil, revokedAt }: Delegation, now: Instant): boolean {
  return now >= validFrom && now < validUntil && (revokedAt === undefined || now < revokedAt);
}

/** Who stands in for whom now, in whatever function and mandate: what four eyes must look through. */
export function linksNow(delegations: readonly Delegation[], now: Instant): DelegationLink[] {
  return delegations.filter((delegation) => isInForce(delegation, now)).map(({ from, to }) => ({ from, to }));
}

/** The delegation that lets `actor` decide for `person` on this mandate, or a refusal. A delegate cannot delegate on. */
export function delegationFor(
  actor: string,
  person: string,
  wanted: { readonly function: string; readonly mandateId: string; readonly now: Instant },
  delegations: readonly Delegation[],
): Delegation {
  const found = delegations.find(
    (delegation) =>
      delegation.from === person &&
      delegation.to === actor &&
      delegation.function === wanted.function &&
      (delegation.mandateId === '*' || delegation.mandateId === wanted.mandateId) &&
      isInForce(delegation, wanted.now),
  );
  if (found) return found;
  return refuse(
    `${person} has not delegated the function ${wanted.function} on ${wanted.mandateId} to ${actor} at ${wanted.now}`,
    'ask for a delegation first',
  );
}

function refuse(message: string, hint: string): never {
  throw new GovernanceRefusal('GOVERNANCE.DELEGATION_REFUSED', message, hint, 403);
}
