import { deterministicId, type Instant } from '@allostat/kernel';
import { GovernanceRefusal } from '../refusal';
import { delegate, type Delegation } from './delegation';
import { requirePerson, requireReason } from './sign';

/** A person who is away for a time, and who stands in for him. */
export interface Absence {
  readonly id: string;
  readonly person: string;
  readonly deputy?: string;
  readonly validFrom: Instant;
  readonly validUntil: Instant;
  readonly reason: string;
  readonly declaredBy: string;
  /** Earlier return. */
  readonly endedAt?: Instant;
}

/**
 * Declares somebody absent. With a deputy each of the person's deciding roles is delegated for as long; nobody declares
 * another absent in order to stand in for him.
 */
export function declareAbsence(
  wish: Omit<Absence, 'id' | 'endedAt'>,
  roles: readonly string[],
  now: Instant,
): { readonly absence: Absence; readonly delegations: readonly Delegation[] } {
  const { person, deputy, validFrom, validUntil, reason, declaredBy } = wish;
  requirePerson(declaredBy);
  requireReason(reason);
  if (validUntil <= validFrom || validUntil <= now) {
    throw new GovernanceRefusal(
      'GOVERNANCE.ABSENCE_REFUSED',
      `an absence from ${validFrom} to ${validUntil} holds at no time from ${now} on`,
      'choose a later end',
      422,
    );
  }
  if (deputy !== undefined && deputy === declaredBy && declaredBy !== person) {
    throw new GovernanceRefusal(
      'GOVERNANCE.ABSENCE_REFUSED',
      `${declaredBy} cannot declare ${person} absent and stand in for him`,
      'somebody else must declare it, or name another deputy',
      403,
    );
  }
  const absence: Absence = { ...wish, id: deterministicId('absence', person, validFrom, validUntil, declaredBy, now) };
  if (deputy === undefined) return { absence, delegations: [] };
  const delegations = roles.map((role) =>
    delegate({ from: person, to: deputy, function: role, mandateId: '*', validFrom, validUntil, reason }, now),
  );
  return { absence, delegations };
}

/** Whether a person is away at an instant. */
export function isAbsent(person: string, absences: readonly Absence[], now: Instant): Absence | undefined {
  return absences.find(
    ({ person: who, validFrom, validUntil, endedAt }) =>
      who === person && now >= validFrom && now < validUntil && (endedAt === undefined || now < endedAt),
  );
}

/** Who is away does not sign: somebody else stands in, or he first says that he is back. */
export function requirePresent(person: string, absences: readonly Absence[], now: Instant): void {
  const absence = isAbsent(person, absences, now);
  if (!absence) return;
  throw new GovernanceRefusal(
    'GOVERNANCE.ABSENT',
    `${person} is away from ${absence.validFrom} to ${absence.validUntil}`,
    absence.deputy === undefined ? 'end the absence first' : `${absence.deputy} stands in; or end the absence first`,
    403,
  );
}
