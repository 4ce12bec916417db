import { addDays, canonicalJson, deterministicId, sha256Hex, type Instant } from '@allostat/kernel';
import { TIER_RULES, tierOf } from '../governance/review/materiality';
import type { ReviewCore } from '../governance/review/review-core';
import { requirePerson, requireReason, sign, type Signature } from '../governance/review/sign';

/** What is wanted of an alias: that it points at a version from now on. */
export interface ModelChangeWish {
  readonly model: string;
  readonly version: string;
  readonly alias: 'champion' | 'challenger';
  readonly reason: string;
  /** Where the alias points now, so that nothing is approved over somebody else's change. */
  readonly previousVersion?: string;
}

/** A wanted change of an alias on its way through the approvals. */
export interface ModelChange extends ReviewCore {
  readonly changeId: string;
  readonly wish: ModelChangeWish;
}

/** Days that people have to approve. */
const VALIDITY_DAYS = 14;
/** A champion moves the whole portfolio; a challenger only watches. */
const EXPOSURE = 1;

/** Opens a change. Who proposes it and who developed the version cannot approve it. */
export function proposeModelChange(
  wish: ModelChangeWish,
  actor: string,
  developers: readonly string[],
  now: Instant,
): ModelChange {
  requirePerson(actor);
  requireReason(wish.reason);
  const contentHash = sha256Hex(canonicalJson(wish));
  const tier = tierOf(EXPOSURE, wish.alias === 'champion' ? 'pilot' : 'shadow');
  return {
    changeId: deterministicId('model-change', contentHash, actor, now),
    wish,
    status: 'submitted',
    contentHash,
    maker: actor,
    parties: [
      { person: actor, part: 'maker' },
      ...developers.map((person) => ({ person, part: 'model-developer' as const })),
    ],
    // who validates a model need not manage the portfolio: independence counts, and risk must be among them
    requirement: { ...TIER_RULES[tier], tier, functions: wish.alias === 'champion' ? ['risk'] : [], questions: [] },
    openedAt: now,
    expiresAt: addDays(now, VALIDITY_DAYS),
    decisions: [],
    challenges: [],
  };
}

/** Adds a person's decision; the change is then approved, rejected, or waits for more. */
export function decideModelChange(
  change: ModelChange,
  signature: Omit<Signature, 'contentHash'>,
  now: Instant,
): ModelChange {
  const { contentHash, wish } = change;
  return sign(change, { ...signature, contentHash }, { now, mandateId: wish.model, delegations: [] });
}
