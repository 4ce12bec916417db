import type { Instant } from '@allostat/kernel';
import type { EvidenceView, ReviewDecision } from '../events';
import { GovernanceRefusal } from '../refusal';
import { requirePresent, type Absence } from './absence';
import { delegationFor, linksNow, type Delegation } from './delegation';
import { requireIndependence, requireNewDecider } from './parties';
import { missingApprovals, type ReviewCore } from './review-core';
import { nextStatus } from './review-status';

/** A person's signature under a review, before it is checked. */
export interface Signature {
  readonly actor: string;
  /** Role in which the person signs; his own, or that of the one he stands in for. */
  readonly function: string;
  readonly onBehalfOf?: string;
  readonly decision: 'approve' | 'reject';
  readonly reasonCode?: string;
  readonly reason: string;
  readonly contentHash: string;
  readonly answers?: Readonly<Record<string, boolean>>;
  readonly evidence?: readonly string[];
  readonly viewed?: readonly EvidenceView[];
  readonly authentication?: string;
}

/** A committee that decides on the subject, and the meeting that carried this very content, if one did. */
export interface CommitteeStanding {
  readonly committee: string;
  readonly carriedBy?: string;
}

export interface SignatureContext {
  readonly now: Instant;
  readonly mandateId: string;
  readonly delegations: readonly Delegation[];
  readonly absences?: readonly Absence[];
  readonly committees?: readonly CommitteeStanding[];
}

/** Role of those who sign for a committee. */
const COMMITTEE = 'committee';

/** Shortest reason that says anything. */
const MIN_REASON_LENGTH = 5;
/** Names that no person has: machines and groups never sign. */
const NOT_A_PERSON = /^(service|group):/;

/** A reason is mandatory and must say something. */
export function requireReason(reason: string): void {
  if (reason.trim().length >= MIN_REASON_LENGTH) return;
  throw new GovernanceRefusal(
    'GOVERNANCE.REASON_MISSING',
    `a reason of at least ${MIN_REASON_LENGTH} characters is needed`,
    'say why you decide so',
    422,
  );
}

/** Only people sign: a machine or a group has nobody who answers for it. */
export function requirePerson(actor: string): void {
  if (!NOT_A_PERSON.test(actor)) return;
  throw new GovernanceRefusal(
    'GOVERNANCE.NOT_A_PERSON',
    `${actor} is not a person`,
    'only a person can decide; sign as yourself',
    403,
  );
}

/** Adds a signature to a review after all that must hold for it; the last one that is needed approves the review. */
export function sign<R extends ReviewCore>(review: R, signature: Signature, context: SignatureContext): R {
  const { now, mandateId, delegations, absences = [], committees = [] } = context;
  requireReason(signature.reason);
  requireOnTime(review, now);
  requireSeen(review, signature);
  const { actor, onBehalfOf, decision } = signature;
  if (onBehalfOf !== undefined) {
    delegationFor(actor, onBehalfOf, { function: signature.function, mandateId, now }, delegations);
  }
  requireIndependence(signature, review.parties, linksNow(delegations, now));
  requirePerson(actor);
  requirePresent(actor, absences, now);
  requireNewDecider(signature, review.decisions);
  const resolutions = signature.function === COMMITTEE && decision === 'approve' ? resolutionsOf(committees) : [];
  const entry = recorded(signature, resolutions, now);
  if (decision === 'reject') {
    return { ...review, status: nextStatus(review.status, 'reject'), decisions: [...review.decisions, entry] };
  }
  nextStatus(review.status, 'approve');
  requireAnswers(review, signature);
  requireChallenge(review);
  const decisions = [...review.decisions, entry];
  const done = missingApprovals({ ...review, decisions }).count === 0;
  return { ...review, status: nextStatus(review.status, done ? 'finish' : 'approve'), decisions };
}

function recorded(signature: Signature, resolutions: readonly string[], now: Instant): ReviewDecision {
  const { actor, onBehalfOf, decision, reasonCode, reason, contentHash, answers, evidence, viewed, authentication } =
    signature;
  return {
    actor,
    decision,
    reason,
    contentHash,
    at: now,
    function: signature.function,
    ...(onBehalfOf !== undefined && { onBehalfOf }),
    ...(reasonCode !== undefined && { reasonCode }),
    // an empty list or map is none: the wire does not tell them apart, and the proof of a release is over what it says
    ...(answers !== undefined && Object.keys(answers).length > 0 && { answers }),
    ...(evidence !== undefined && evidence.length > 0 && { evidence }),
    ...(viewed !== undefined && viewed.length > 0 && { viewed }),
    ...(authentication !== undefined && { authentication }),
    ...(resolutions.length > 0 && { resolutions }),
  };
}

/** Who signs for a committee has its resolution: each that decides on the subject must have carried this content. */
function resolutionsOf(committees: readonly CommitteeStanding[]): string[] {
  const missing = committees.filter(({ carriedBy }) => carriedBy === undefined).map(({ committee }) => committee);
  if (missing.length === 0) return committees.flatMap(({ carriedBy }) => carriedBy ?? []);
  throw new GovernanceRefusal(
    'GOVERNANCE.RESOLUTION_MISSING',
    `no meeting of ${missing.join(', ')} has carried this content`,
    'convene one with `allostat committee convene`, vote and close it with its minutes',
    422,
  );
}

export function requireOnTime({ expiresAt }: Pick<ReviewCore, 'expiresAt'>, now: Instant): void {
  if (now < expiresAt) return;
  throw new GovernanceRefusal(
    'GOVERNANCE.REVIEW_EXPIRED',
    `the review expired at ${expiresAt}`,
    'wait for the next proposal',
  );
}

function requireSeen({ contentHash }: ReviewCore, signature: Signature): void {
  if (signature.contentHash === contentHash) return;
  throw new GovernanceRefusal(
    'GOVERNANCE.CONTENT_CHANGED',
    `the decision was made on content ${signature.contentHash}, the proposal now has ${contentHash}`,
    'read the proposal again, then decide',
  );
}

function requireAnswers({ requirement }: ReviewCore, { answers = {} }: Signature): void {
  const open = requirement.questions.filter((question) => answers[question] !== true);
  if (open.length === 0) return;
  throw new GovernanceRefusal(
    'GOVERNANCE.ANSWERS_MISSING',
    `tier ${requirement.tier} asks every approver to confirm ${open.join(', ')}`,
    `read, then confirm with ${open.map((question) => `--confirm ${question}`).join(' ')}; otherwise reject or challenge`,
    422,
  );
}

function requireChallenge({ requirement, challenges }: ReviewCore): void {
  if (!requirement.challenge || challenges.some(({ answer }) => answer !== undefined)) return;
  throw new GovernanceRefusal(
    'GOVERNANCE.CHALLENGE_MISSING',
    `tier ${requirement.tier} needs at least one challenge that was answered`,
    'challenge the proposal first: `allostat review challenge ID`',
    422,
  );
}
