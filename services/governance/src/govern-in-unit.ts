import {
  decideGovernance,
  indicativeValue,
  initialGovernanceState,
  type AuditRecord,
  type DomainEvent,
  type GovernanceInput,
  type GovernanceOutput,
  type GovernanceState,
  type ReleaseContext,
  type ReleaseHeld,
  type Review,
} from '@allostat/pipeline';
import { AggregateStore, appendAudit, type Envelope, type UnitOfWork } from '@allostat/platform';
import { latchExecution } from './kill/press-in-unit';
import { modelStandings } from './models/model-standing.store';
import { readReleaseContext } from './release/read-release-context';
import { moveReservation, voidReservation } from './review/cap.store';
import { saveHeld, saveInstruction, saveOverride, saveReview, type ReviewNow } from './review/review.store';

/** What governance knows of a mandate, kept under the mandate's id. */
export const GOVERNANCE_STATES = new AggregateStore<GovernanceState>({ name: 'mandate' });

/** Inputs that can end in a release. */
const MAY_RELEASE: readonly GovernanceInput['type'][] = ['DecideReview', 'AttemptRelease'];

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
  const release = MAY_RELEASE.includes(input.type) ? await readReleaseContext(unit, before, cause.time) : undefined;
  const models =
    input.type === 'AllocationProposed' ? await modelStandings(unit, input.facts?.models ?? []) : release?.models;
  const { state, events } = decideGovernance(input, before, {
    now: cause.time,
    ...(release && { release }),
    ...(models && { models }),
  });
  GOVERNANCE_STATES.save(unit, mandateId, state);
  const ended = afterExpiry(before, events);
  if (ended !== before) await saveReview(unit.manager, reviewNow(before), reviewNow(ended));
  await saveReview(unit.manager, reviewNow(ended), reviewNow(state));
  if (input.type === 'OverrideProposal' && state.review) {
    const { proposal, openedAt: at } = state.review;
    const { proposalId } = proposal;
    const { proposalId: replaces, actor: person } = input;
    await saveOverride(unit.manager, { proposalId, replaces, person, at });
  }
  if (release) await saveRelease(unit, state, events, release, cause);
  if (before.review?.status === 'approved' && state.review?.status !== 'approved') {
    await voidReservation(unit.manager, before.review.proposal.proposalId, cause.time);
  }
  recordOutputs(unit, events, cause);
  return state;
}

/** Appends the records among the outputs to the audit log and publishes the facts among them. */
export function recordOutputs(
  unit: UnitOfWork<DomainEvent>,
  outputs: readonly (GovernanceOutput | DomainEvent)[],
  cause: Envelope,
): void {
  const records: AuditRecord[] = [];
  const facts: DomainEvent[] = [];
  for (const output of outputs) {
    if (output.type === 'AuditRecord') records.push(output);
    else facts.push(output);
  }
  if (records.length > 0) appendAudit(unit, records);
  unit.publish(facts, cause);
}

/** A record of something that is about no mandate. */
export function recordOf(at: string, actor: string, action: string, subject: string, body: object): AuditRecord {
  return { type: 'AuditRecord', at, actor, action, subject, body: { ...body } };
}

/** The state once a review whose time was over has ended: what comes next then replaces an expired review, not an open one. */
function afterExpiry(before: GovernanceState, events: readonly GovernanceOutput[]): GovernanceState {
  const { review } = before;
  const expired = events.some(
    (event) => event.type === 'ProposalExpired' && event.proposalId === review?.proposal.proposalId,
  );
  return review && expired ? { ...before, review: { ...review, status: 'expired' } as Review } : before;
}

function reviewNow({ review }: GovernanceState): ReviewNow | undefined {
  if (!review) return undefined;
  const { proposal } = review;
  const { mandateId: subject, proposalId: id } = proposal;
  const instruction = 'instructionId' in review && { instructionId: review.instructionId };
  return { review, about: { id, kind: 'allocation', subject, content: proposal, ...instruction } };
}

/** Keeps what a release did to caps and the reasons for which it was held back; repeated execution latches. */
async function saveRelease(
  unit: UnitOfWork<DomainEvent>,
  { mandate, review }: GovernanceState,
  events: readonly GovernanceOutput[],
  { caps }: ReleaseContext,
  cause: Envelope,
): Promise<void> {
  if (!review || !mandate) return;
  const { manager } = unit;
  const { proposalId } = review.proposal;
  const held = events.find((event): event is ReleaseHeld => event.type === 'ReleaseHeld');
  const released = events.find((event) => event.type === 'AllocationReleased');
  const amount = indicativeValue(review.proposal, mandate);
  if (released) {
    await saveInstruction(manager, released);
    await moveReservation(manager, proposalId, { caps, amount, state: 'posted', at: cause.time });
    await saveHeld(manager, proposalId, null);
  } else if (held) {
    const full = held.reasons.some(({ rule }) => rule.startsWith('cap:'));
    if (!full) await moveReservation(manager, proposalId, { caps, amount, state: 'reserved', at: cause.time });
    await saveHeld(manager, proposalId, held.reasons);
    if (held.reasons.some(({ rule }) => rule === 'execution-throttle')) await latchExecution(unit, mandate.id, cause);
  }
}
