import { addDays, canonicalJson, deterministicId, sha256Hex, type Instant } from '@allostat/kernel';
import type { Mandate } from '../mandate/mandate';
import type { Universe } from '../universe/universe';
import type { Committee } from './committee/committee';
import type { PolicySet } from './policies/policy-set';
import { GovernanceRefusal } from './refusal';
import { TIER_RULES } from './review/materiality';
import type { ReviewCore } from './review/review-core';
import { isOpen, nextStatus } from './review/review-status';
import { requirePerson, requireReason, sign, type Signature, type SignatureContext } from './review/sign';

/** Kinds of things that are versioned by approval. */
export const CHANGE_KINDS = ['policies', 'mandate', 'universe', 'committee'] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** A wanted version: policies with their caps, a mandate with its limits, a universe, or a committee. */
export type ChangeContent =
  | { readonly kind: 'policies'; readonly body: PolicySet }
  | { readonly kind: 'mandate'; readonly body: Mandate }
  | { readonly kind: 'universe'; readonly body: Universe }
  | { readonly kind: 'committee'; readonly body: Committee };

/** A wanted version of one of these on its way through the approvals. */
export interface Change extends ReviewCore {
  readonly changeId: string;
  readonly content: ChangeContent;
  readonly reason: string;
}

const VALIDITY_DAYS = 14;

/** Opens a change. It binds many decisions to come, so it needs what a decision of high tier needs, risk among them. */
export function proposeChange(content: ChangeContent, actor: string, reason: string, now: Instant): Change {
  requirePerson(actor);
  requireReason(reason);
  const contentHash = sha256Hex(canonicalJson(content));
  return {
    changeId: deterministicId('change', contentHash, actor, now),
    content,
    reason,
    status: 'submitted',
    contentHash,
    maker: actor,
    parties: [{ person: actor, part: 'maker' }],
    requirement: { ...TIER_RULES.high, tier: 'high', functions: ['risk'], questions: [] },
    openedAt: now,
    expiresAt: addDays(now, VALIDITY_DAYS),
    decisions: [],
    challenges: [],
  };
}

/** Adds a person's signature to a change. */
export function decideChange(
  change: Change,
  signature: Signature,
  now: Instant,
  standing: Pick<SignatureContext, 'absences' | 'delegations'>,
): Change {
  return sign(change, signature, { ...standing, now, mandateId: change.content.body.id });
}

/** Takes a change back before it is decided; only who proposed it can. */
export function withdrawChange(change: Change, actor: string, reason: string): Change {
  requireReason(reason);
  requirePerson(actor);
  if (change.maker !== actor) {
    throw new GovernanceRefusal(
      'GOVERNANCE.NOT_THE_MAKER',
      `${change.maker} proposed this change; ${actor} cannot withdraw it`,
      'reject or challenge it instead',
      403,
    );
  }
  return { ...change, status: nextStatus(change.status, 'withdraw') };
}

/** The change once its time is over; the same one while it is not, or when it has ended. */
export function expireChange(change: Change, now: Instant): Change {
  if (!isOpen(change.status) || now < change.expiresAt) return change;
  return { ...change, status: nextStatus(change.status, 'expire') };
}
