import { type Role } from '@allostat/contracts';
import { Body, Controller, Get, HttpCode, Param, Post, Query, UseFilters } from '@nestjs/common';
import { z } from 'zod';
import { InputError } from '@allostat/kernel';
import {
  decideChange,
  DEFAULT_POLICY_SET,
  initialGovernanceState,
  mandateSchema,
  policySetSchema,
  proposeChange,
  type AuditRecord,
  type Change,
  type ChangeContent,
  type DomainEvent,
} from '@allostat/pipeline';
import {
  Caller,
  type Envelope,
  HttpErrorFilter,
  type Principal,
  type UnitOfWork,
  UnitRunner,
} from '@allostat/platform';
import { CommandCauses } from '../command-cause';
import { GOVERNANCE_STATES, recordOutputs } from '../govern-in-unit';
import { parseBody } from '../http-body';
import { requireSight } from '../identity/may-see';
import { decisionBody } from '../review/review-bodies';
import type { ReviewView } from '../review/review.mapper';
import { ReviewNotFoundError } from '../review/review-not-found-error';
import { findReview, listReviews, saveReview, type ReviewNow } from '../review/review.store';
import { signatureOf } from '../review/signature-of';
import { CHANGES, currentPolicySet, insertVersion, readVersions, type ApprovedVersion } from './change.store';

const proposalBody = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('policies'), body: policySetSchema, reason: z.string() }),
  z.strictObject({ kind: z.literal('mandate'), body: mandateSchema, reason: z.string() }),
]);
const SIGNS: readonly Role[] = ['risk', 'committee', 'compliance', 'portfolio-manager'];
const KINDS = ['policies', 'mandate'] as const;
type ChangeView = ReviewView<ChangeContent>;

/** Versions of policies and mandates: proposed by one person, approved by others, kept for ever. */
@Controller()
@UseFilters(HttpErrorFilter)
export class ChangesController {
  constructor(
    private readonly units: UnitRunner<DomainEvent>,
    private readonly causes: CommandCauses,
  ) {}

  @Get('changes')
  list(@Caller() { mandates }: Principal): Promise<unknown[]> {
    return this.units.run(async (unit) => {
      const policies = await listReviews(unit.manager, { kinds: ['policies'] });
      const own = await listReviews(unit.manager, { kinds: ['mandate'], ...(mandates && { mandates }) });
      return [...policies, ...own];
    });
  }

  @Get('versions/:kind/:id')
  versions(
    @Caller() caller: Principal,
    @Param('kind') kind: string,
    @Param('id') id: string,
    @Query('asOf') asOf?: string,
  ): Promise<ApprovedVersion[]> {
    const known = KINDS.find((candidate) => candidate === kind);
    if (!known) throw new InputError(`there is no kind ${kind}; use ${KINDS.join(' or ')}`, { field: 'kind' });
    if (known === 'mandate') requireSight(caller, id, id);
    return this.units.run((unit) => readVersions(unit.manager, known, id, asOf));
  }

  @Post('changes')
  @HttpCode(200)
  propose(@Caller() caller: Principal, @Body() body: unknown): Promise<ChangeView> {
    const { reason, ...wanted } = parseBody(proposalBody, body);
    const content = wanted as ChangeContent;
    if (content.kind === 'mandate') requireSight(caller, content.body.id, content.body.id);
    return this.units.run(async (unit) => {
      await requireNext(unit, content);
      const now = this.causes.now();
      const change = proposeChange(content, caller.id, reason, now);
      await this.save(unit, change, caller.id, 'change.proposed');
      return found(unit, caller, change.changeId);
    });
  }

  @Post('changes/:id/decisions')
  @HttpCode(200)
  decide(@Caller() caller: Principal, @Param('id') id: string, @Body() body: unknown): Promise<ChangeView> {
    const decision = parseBody(decisionBody, body);
    return this.units.run(async (unit) => {
      const view = await found(unit, caller, id);
      const { change } = await CHANGES.load(unit, keyOf(view.kind, view.mandateId), () => ({}));
      if (change?.changeId !== id) throw new ReviewNotFoundError(id);
      const now = this.causes.now();
      const signed = decideChange(change, signatureOf(caller, decision, view.functions, SIGNS), now);
      const cause = await this.save(unit, signed, caller.id, `change.${decision.decision}`);
      if (signed.status === 'approved') await apply(unit, signed, now, cause);
      return found(unit, caller, id);
    });
  }

  private async save(unit: UnitOfWork<DomainEvent>, change: Change, actor: string, action: string): Promise<Envelope> {
    const { kind, body } = change.content;
    const key = keyOf(kind, body.id);
    const before = await CHANGES.load(unit, key, () => ({}));
    CHANGES.save(unit, key, { change });
    await saveReview(unit.manager, before.change && reviewNow(before.change), reviewNow(change));
    const { changeId, content, contentHash, decisions, reason } = change;
    const cause = this.causes.free([action, changeId, actor]);
    const record: AuditRecord = {
      type: 'AuditRecord',
      at: cause.time,
      actor,
      action,
      subject: `${kind}:${body.id}`,
      body: { changeId, content, contentHash, reason, decisions },
    };
    await recordOutputs(unit, [record], cause);
    return cause;
  }
}

/** An approved change takes effect in the transaction of its last approval. */
async function apply(unit: UnitOfWork<DomainEvent>, change: Change, now: string, cause: Envelope): Promise<void> {
  await insertVersion(unit.manager, change, now);
  const { content } = change;
  if (content.kind === 'mandate') unit.publish([{ type: 'MandateVersioned', mandate: content.body }], cause);
}

/** Versions follow each other: what is proposed must be the next one. */
async function requireNext(unit: UnitOfWork<DomainEvent>, { kind, body }: ChangeContent): Promise<void> {
  const current =
    kind === 'policies'
      ? (await currentPolicySet(unit.manager)).version
      : ((await GOVERNANCE_STATES.load(unit, body.id, initialGovernanceState)).mandate?.version ?? 0);
  if (kind === 'policies' && body.id !== DEFAULT_POLICY_SET.id) {
    throw new InputError(`there is no policy set ${body.id}`, { field: 'id' });
  }
  if (body.version === current + 1) return;
  throw new InputError(
    `version ${body.version} of ${body.id} does not follow the present version ${current}`,
    { field: 'version' },
    `propose version ${current + 1}`,
  );
}

async function found(unit: UnitOfWork<DomainEvent>, caller: Principal, id: string): Promise<ChangeView> {
  const view = await findReview<ChangeContent>(unit.manager, id);
  if (!view || view.kind === 'allocation') throw new ReviewNotFoundError(id);
  if (view.kind === 'mandate') requireSight(caller, view.mandateId, id);
  return view;
}

function reviewNow(change: Change): ReviewNow {
  const { changeId: id, content } = change;
  return { review: change, about: { id, kind: content.kind, subject: content.body.id, content } };
}

function keyOf(kind: string, id: string): string {
  return `${kind}:${id}`;
}
