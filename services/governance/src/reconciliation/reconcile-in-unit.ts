import { deterministicId } from '@allostat/kernel';
import {
  findingText,
  initialGovernanceState,
  reconcile,
  type BookReported,
  type DomainEvent,
} from '@allostat/pipeline';
import type { Envelope, UnitOfWork } from '@allostat/platform';
import { raiseInUnit } from '../alarms/alarm-in-unit';
import { GOVERNANCE_STATES, recordOf, recordOutputs } from '../govern-in-unit';
import {
  insertRequest,
  insertResult,
  instructionsOf,
  readReconciliations,
  type ReconciliationView,
} from './reconciliation.store';

type Unit = UnitOfWork<DomainEvent>;

const FINDINGS_TOLD = 3;

/** Asks the order system for its book of a mandate; the mandate's row is locked, so nothing is released in between. */
export async function requestInUnit(
  unit: Unit,
  mandateId: string,
  requestedBy: string,
  cause: Envelope,
): Promise<ReconciliationView> {
  const { lastSequence: throughSequence } = await GOVERNANCE_STATES.load(unit, mandateId, initialGovernanceState);
  const requestedAt = cause.time;
  const requestId = deterministicId('reconciliation', mandateId, requestedAt, requestedBy);
  const request = { requestId, mandateId, throughSequence, requestedBy, requestedAt };
  await insertRequest(unit.manager, request);
  const record = recordOf(requestedAt, requestedBy, 'reconciliation.requested', `mandate:${mandateId}`, request);
  const asked = { type: 'BookRequested', requestId, mandateId, throughSequence, at: requestedAt } as const;
  recordOutputs(unit, [record, asked], cause);
  return request;
}

/** Compares the book that was reported with what was released; a difference calls a person. */
export async function reportedInUnit(unit: Unit, report: BookReported, cause: Envelope): Promise<void> {
  const { manager } = unit;
  const { requestId, mandateId } = report;
  await GOVERNANCE_STATES.load(unit, mandateId, initialGovernanceState);
  const [request] = await readReconciliations(manager, { ids: [requestId], mandates: [mandateId] });
  if (!request) {
    const stray = recordOf(cause.time, 'order-system', 'reconciliation.unmatched', `mandate:${mandateId}`, {
      requestId,
    });
    return recordOutputs(unit, [stray], cause);
  }
  const result = reconcile(await instructionsOf(manager, mandateId), report, request.throughSequence);
  if (!(await insertResult(manager, requestId, result, cause.time))) return;
  const record = recordOf(cause.time, 'order-system', 'reconciliation.reported', `mandate:${mandateId}`, {
    requestId,
    result,
  });
  recordOutputs(unit, [record], cause);
  const { findings } = result;
  if (findings.length === 0) return;
  const told = findings.slice(0, FINDINGS_TOLD).map(findingText).join('; ');
  const more = findings.length > FINDINGS_TOLD ? `; and ${findings.length - FINDINGS_TOLD} more` : '';
  await raiseInUnit(
    unit,
    {
      kind: 'books-differ',
      subject: requestId,
      mandateId,
      text: `the order system's book of ${mandateId} differs: ${told}${more}`,
    },
    cause,
  );
}
