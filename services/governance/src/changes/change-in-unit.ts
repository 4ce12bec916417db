import { expireChange, isOpen, type AuditRecord, type Change, type DomainEvent } from '@allostat/pipeline';
import type { Envelope, UnitOfWork } from '@allostat/platform';
import type { CommandCauses } from '../command-cause';
import { recordOutputs } from '../govern-in-unit';
import { saveReview, type ReviewNow } from '../review/review.store';
import { CHANGES, insertVersion } from './change.store';

type Unit = UnitOfWork<DomainEvent>;

/** The first step of a change. */
export const PROPOSED = 'proposed';

/** Key of a change: the last one of each thing that can be changed is kept. */
export function changeKey(kind: string, id: string): string {
  return `${kind}:${id}`;
}

/** Keeps a change as it stands now, with the record of the step; an approved one takes effect in the same transaction. */
export async function saveChange(
  unit: Unit,
  change: Change,
  step: { readonly actor: string; readonly action: string; readonly text?: string },
  cause: Envelope,
): Promise<void> {
  const { kind, body } = change.content;
  const key = changeKey(kind, body.id);
  const before = await CHANGES.load(unit, key, () => ({}));
  CHANGES.save(unit, key, { change });
  await saveReview(unit.manager, before.change && reviewNow(before.change), reviewNow(change));
  const { changeId, status } = change;
  const record: AuditRecord = {
    type: 'AuditRecord',
    at: cause.time,
    actor: step.actor,
    action: `change.${step.action}`,
    subject: key,
    body: {
      proposalId: changeId,
      status,
      challenges: change.challenges,
      ...contentOf(change, step.action, before.change),
      ...(step.text !== undefined && { text: step.text }),
    },
  };
  recordOutputs(unit, [record], cause);
  if (status === 'approved' && before.change?.status !== 'approved') await takeEffect(unit, change, cause);
}

/** What a step is about, so that every row of the change follows from the log: its opening, or the decision. */
function contentOf(change: Change, action: string, before: Change | undefined): Readonly<Record<string, unknown>> {
  const { content, contentHash, maker, parties, requirement, reason, expiresAt, decisions } = change;
  if (action === PROPOSED) {
    const { approvals: requiredApprovals, tier, functions, questions } = requirement;
    const supersedes = before && isOpen(before.status) ? before.changeId : undefined;
    return {
      content,
      contentHash,
      maker,
      parties,
      requiredApprovals,
      tier,
      functions,
      questions,
      reason,
      expiresAt,
      ...(supersedes !== undefined && { supersedes }),
    };
  }
  const decided = action === 'approve' || action === 'reject';
  return { content, contentHash, ...(decided && decisions.at(-1)) };
}

/** Ends the change of a subject when its time is over. */
export async function expireChangeInUnit(unit: Unit, key: string, causes: CommandCauses): Promise<void> {
  const { change } = await CHANGES.load(unit, key, () => ({}));
  if (!change) return;
  const cause = causes.free(['change-expire', change.changeId]);
  const expired = expireChange(change, cause.time);
  if (expired === change) return;
  await saveChange(unit, expired, { actor: 'service:governance', action: 'expire' }, cause);
}

async function takeEffect(unit: Unit, change: Change, cause: Envelope): Promise<void> {
  await insertVersion(unit.manager, change, cause.time);
  const { content } = change;
  if (content.kind === 'mandate') unit.publish([{ type: 'MandateVersioned', mandate: content.body }], cause);
  if (content.kind === 'universe') unit.publish([{ type: 'UniverseVersioned', universe: content.body }], cause);
}

function reviewNow(change: Change): ReviewNow {
  const { changeId: id, content } = change;
  return { review: change, about: { id, kind: content.kind, subject: content.body.id, content } };
}
