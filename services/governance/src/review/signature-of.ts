import { DECIDING_ROLES, type Role } from '@allostat/contracts';
import type { Signature } from '@allostat/pipeline';
import { type Principal, NotAllowedError, type People } from '@allostat/platform';
import { maySee } from '../identity/may-see';
import type { DecisionBody } from './review-bodies';

/** A caller's signature: in his own role, or in a delegated one, which the delegation itself must cover. */
export function signatureOf(
  caller: Principal,
  body: DecisionBody,
  missing: readonly string[],
  allowed: readonly Role[] = DECIDING_ROLES,
): Signature {
  const own = caller.roles.filter((role) => allowed.includes(role));
  const role = body.function ?? own.find((candidate) => missing.includes(candidate)) ?? own.at(0);
  if (role === undefined || (body.onBehalfOf === undefined && !own.includes(role as Role))) {
    throw new NotAllowedError(
      403,
      `${caller.id} does not have the role ${role ?? allowed.join(' or ')}`,
      'sign in a role that you have, or on behalf of somebody who delegated it to you',
    );
  }
  const { decision, reason, contentHash, reasonCode, onBehalfOf, answers, evidence } = body;
  return {
    actor: caller.id,
    function: role,
    decision,
    reason,
    contentHash,
    authentication: caller.authentication,
    ...(reasonCode !== undefined && { reasonCode }),
    ...(onBehalfOf !== undefined && { onBehalfOf }),
    ...(answers !== undefined && { answers }),
    ...(evidence !== undefined && { evidence }),
  };
}

/** Nobody signs for a person who could not sign himself, now: for want of the role, or of sight of the mandate. */
export function requireDelegator(
  people: People,
  { onBehalfOf, function: role }: Pick<Signature, 'onBehalfOf' | 'function'>,
  mandateId?: string,
): void {
  if (onBehalfOf === undefined) return;
  const person = people.bySubject(onBehalfOf);
  const sees = mandateId === undefined || (person !== undefined && maySee(person, mandateId));
  if (sees && person?.roles.some((own) => own === role)) return;
  throw new NotAllowedError(
    403,
    `${onBehalfOf} could not decide on this himself in the role ${role}`,
    'nobody can pass on what he may not do',
  );
}
