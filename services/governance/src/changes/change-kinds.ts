import { z } from 'zod';
import { InputError } from '@allostat/kernel';
import {
  CHANGE_KINDS,
  committeeSchema,
  DEFAULT_POLICY_SET,
  initialGovernanceState,
  mandateFaults,
  mandateSchema,
  policySetSchema,
  universeSchema,
  type ChangeContent,
  type ChangeKind,
  type DomainEvent,
  type Mandate,
  type Universe,
} from '@allostat/pipeline';
import { requireUniverse, type People, type Principal, type UnitOfWork } from '@allostat/platform';
import { GOVERNANCE_STATES } from '../govern-in-unit';
import { requireSight } from '../identity/may-see';
import { UNIVERSES } from '../on-universe-versioned.handler';
import { mandatesOf } from '../review/review.store';
import { currentPolicySet, latestVersion } from './change.store';

type Unit = UnitOfWork<DomainEvent>;

/** A change as it is proposed over HTTP. */
export const changeBody = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('policies'), body: policySetSchema, reason: z.string() }),
  z.strictObject({ kind: z.literal('mandate'), body: mandateSchema, reason: z.string() }),
  z.strictObject({ kind: z.literal('universe'), body: universeSchema, reason: z.string() }),
  z.strictObject({ kind: z.literal('committee'), body: committeeSchema, reason: z.string() }),
]);

export function changeKind(text: string): ChangeKind {
  const known = CHANGE_KINDS.find((candidate) => candidate === text);
  if (known) return known;
  throw new InputError(`there is no kind ${text}; use ${CHANGE_KINDS.join(', ')}`, { field: 'kind' });
}

/** Refuses what the caller may not see, as if it were not there. */
export function requireSightOf(caller: Principal, kind: string, subject: string, id: string): void {
  if (kind === 'mandate') requireSight(caller, subject, id);
  if (kind === 'universe') requireUniverse(caller, subject);
}

/** Versions follow each other, and what is proposed fits what it is about; else `InputError` with the field. */
export async function requireFitting(unit: Unit, content: ChangeContent, people: People): Promise<void> {
  const { kind, body } = content;
  if (kind === 'policies' && body.id !== DEFAULT_POLICY_SET.id) {
    throw new InputError(`there is no policy set ${body.id}`, { field: 'id' });
  }
  const current = await presentVersion(unit, content);
  if (body.version !== current + 1) {
    throw new InputError(
      `version ${body.version} of ${body.id} does not follow the present version ${current}`,
      { field: 'version' },
      `propose version ${current + 1}`,
    );
  }
  if (kind === 'mandate') await requireMandateFits(unit, body);
  if (kind === 'universe') await requireMandatesFit(unit, body);
  if (kind === 'committee') {
    const stranger = body.members.find((member) => people.bySubject(member)?.id !== member);
    if (stranger !== undefined) throw new InputError(`there is nobody called ${stranger}`, { field: 'members' });
  }
}

async function presentVersion(unit: Unit, { kind, body }: ChangeContent): Promise<number> {
  switch (kind) {
    case 'policies':
      return (await currentPolicySet(unit.manager)).version;
    case 'mandate':
      return (await GOVERNANCE_STATES.load(unit, body.id, initialGovernanceState)).mandate?.version ?? 0;
    case 'universe':
      return (await UNIVERSES.peek(unit, body.id))?.version ?? 0;
    case 'committee':
      return (await latestVersion(unit.manager, kind, body.id))?.version ?? 0;
  }
}

async function requireMandateFits(unit: Unit, mandate: Mandate): Promise<void> {
  const universe = await UNIVERSES.peek(unit, mandate.universeId);
  if (!universe) throw new InputError(`there is no universe ${mandate.universeId}`, { field: 'universeId' });
  const [fault] = mandateFaults(mandate, universe);
  if (fault) throw new InputError(fault.message, { field: fault.path.join('.') }, fault.hint);
}

/** A universe that a mandate no longer fits would stop its line: the mandate is changed first. */
async function requireMandatesFit(unit: Unit, universe: Universe): Promise<void> {
  for (const id of await mandatesOf(unit.manager)) {
    const mandate = (await GOVERNANCE_STATES.peek(unit, id))?.mandate;
    if (mandate?.universeId !== universe.id) continue;
    const [fault] = mandateFaults(mandate, universe);
    if (!fault) continue;
    throw new InputError(
      `mandate ${id} would not fit: ${fault.path.join('.')}: ${fault.message}`,
      { field: 'instruments' },
      'change the mandate first',
    );
  }
}
