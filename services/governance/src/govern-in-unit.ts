import {
  decideGovernance,
  initialGovernanceState,
  type AuditRecord,
  type DomainEvent,
  type GovernanceInput,
  type GovernanceState,
} from '@allostat/pipeline';
import { AggregateStore, type Envelope, type UnitOfWork } from '@allostat/platform';
import { appendAudit } from './audit/audit.store';
import { saveInstruction, saveReviews } from './review/review.store';

/** What governance knows of a mandate, kept under the mandate's id. */
export const GOVERNANCE_STATES = new AggregateStore<GovernanceState>({ name: 'mandate' });

/**
 * Decides on one event or command of one mandate, in the caller's unit: state, review tables, audit records and
 * events are committed together or not at all.
 */
export async function governInUnit(
  unit: UnitOfWork<DomainEvent>,
  mandateId: string,
  input: GovernanceInput,
  cause: Envelope,
): Promise<GovernanceState> {
  const before = await GOVERNANCE_STATES.load(unit, mandateId, initialGovernanceState);
  const { state, events } = decideGovernance(input, before, { now: cause.time });
  GOVERNANCE_STATES.save(unit, mandateId, state);
  await saveReviews(unit.manager, before, state);
  const records: AuditRecord[] = [];
  const facts: DomainEvent[] = [];
  for (const event of events) {
    if (event.type === 'AuditRecord') records.push(event);
    else facts.push(event);
    if (event.type === 'AllocationReleased') await saveInstruction(unit.manager, event);
  }
  if (records.length > 0) await appendAudit(unit.manager, records);
  unit.publish(facts, cause);
  return state;
}
