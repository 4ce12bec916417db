import { addDays, canonicalJson, deterministicId, sha256Hex, type Instant } from '@allostat/kernel';
import type { Mandate } from '../mandate/mandate';
import type { PolicySet } from './policies/policy-set';
import { TIER_RULES } from './review/materiality';
import type { ReviewCore } from './review/review-core';
import { requirePerson, requireReason, sign, type Signature } from './review/sign';

/** What can be changed by approval: the policies, or a mandate with its limits. */
export type ChangeContent =
  { readonly kind: 'policies'; readonly body: PolicySet } | { readonly kind: 'mandate'; readonly body: Mandate };

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
export function decideChange(change: Change, signature: Signature, now: Instant): Change {
  return sign(change, signature, { now, mandateId: change.content.body.id, delegations: [] });
}
