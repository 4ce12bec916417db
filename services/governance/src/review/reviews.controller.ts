import { Body, Controller, Get, HttpCode, Param, Post, Query, UseFilters } from '@nestjs/common';
import { InputError } from '@allostat/kernel';
import {
  initialGovernanceState,
  type AllocationProposed,
  type DomainEvent,
  type GovernanceInput,
  type Universe,
} from '@allostat/pipeline';
import { Caller, HttpErrorFilter, type Principal, type UnitOfWork, UnitRunner } from '@allostat/platform';
import { CommandCauses } from '../command-cause';
import { GOVERNANCE_STATES, governInUnit } from '../govern-in-unit';
import { parseBody } from '../http-body';
import { requireSight } from '../identity/may-see';
import { UNIVERSES } from '../on-universe-versioned.handler';
import { readDelegations } from './delegation.store';
import { answerBody, challengeBody, decisionBody, overrideBody, withdrawalBody } from './review-bodies';
import type { ReviewView } from './review.mapper';
import { ReviewNotFoundError } from './review-not-found-error';
import { findReview, listReviews } from './review.store';
import { signatureOf } from './signature-of';

/** What a command needs beside what it carries. */
interface Command {
  readonly id: string;
  readonly caller: Principal;
  /** Tells this command from others of the person on the proposal. */
  readonly content: readonly string[];
}

/** The sign-off over HTTP: read what waits, approve, reject, override, challenge, answer, withdraw. */
@Controller('reviews')
@UseFilters(HttpErrorFilter)
export class ReviewsController {
  constructor(
    private readonly units: UnitRunner<DomainEvent>,
    private readonly causes: CommandCauses,
  ) {}

  @Get()
  list(@Caller() { mandates }: Principal, @Query('status') status?: string): Promise<ReviewView[]> {
    const filter = { ...(status !== undefined && { status }), ...(mandates !== undefined && { mandates }) };
    return this.units.run((unit) => listReviews(unit.manager, filter));
  }

  @Get(':id')
  show(@Caller() caller: Principal, @Param('id') id: string): Promise<ReviewView> {
    return this.units.run((unit) => visible(unit, caller, id));
  }

  @Post(':id/decisions')
  @HttpCode(200)
  decide(@Caller() caller: Principal, @Param('id') id: string, @Body() body: unknown): Promise<ReviewView> {
    const decision = parseBody(decisionBody, body);
    return this.run({ id, caller, content: ['decide'] }, async (unit, { mandateId, functions }) => ({
      type: 'DecideReview',
      mandateId,
      proposalId: id,
      ...signatureOf(caller, decision, functions),
      delegations: await readDelegations(unit.manager),
    }));
  }

  @Post(':id/override')
  @HttpCode(200)
  override(@Caller() caller: Principal, @Param('id') id: string, @Body() body: unknown): Promise<ReviewView> {
    const { reason, weights } = parseBody(overrideBody, body);
    return this.run({ id, caller, content: ['override', JSON.stringify(weights)] }, async (unit, { mandateId }) => ({
      type: 'OverrideProposal',
      mandateId,
      proposalId: id,
      actor: caller.id,
      reason,
      weights,
      universe: await universeOf(unit, mandateId),
    }));
  }

  @Post(':id/challenges')
  @HttpCode(200)
  challenge(@Caller() caller: Principal, @Param('id') id: string, @Body() body: unknown): Promise<ReviewView> {
    const { topic, text } = parseBody(challengeBody, body);
    return this.run({ id, caller, content: ['challenge', topic, text] }, async (_unit, { mandateId }) => ({
      type: 'ChallengeReview',
      mandateId,
      proposalId: id,
      actor: caller.id,
      topic,
      text,
    }));
  }

  @Post(':id/challenges/:challenge/answer')
  @HttpCode(200)
  answer(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Param('challenge') challengeId: string,
    @Body() body: unknown,
  ): Promise<ReviewView> {
    const { text } = parseBody(answerBody, body);
    return this.run({ id, caller, content: ['answer', challengeId] }, async (_unit, { mandateId }) => ({
      type: 'AnswerChallenge',
      mandateId,
      proposalId: id,
      actor: caller.id,
      challengeId,
      text,
    }));
  }

  @Post(':id/withdrawal')
  @HttpCode(200)
  withdraw(@Caller() caller: Principal, @Param('id') id: string, @Body() body: unknown): Promise<ReviewView> {
    const { reason } = parseBody(withdrawalBody, body);
    return this.run({ id, caller, content: ['withdraw'] }, async (_unit, { mandateId }) => ({
      type: 'WithdrawReview',
      mandateId,
      proposalId: id,
      actor: caller.id,
      reason,
    }));
  }

  /** Tries again to release what is approved and was held back. */
  @Post(':id/release')
  @HttpCode(200)
  release(@Caller() caller: Principal, @Param('id') id: string): Promise<ReviewView> {
    return this.run({ id, caller, content: ['release', this.causes.now()] }, async (_unit, { mandateId }) => ({
      type: 'AttemptRelease',
      mandateId,
    }));
  }

  private run(
    { id, caller, content }: Command,
    command: (unit: UnitOfWork<DomainEvent>, review: ReviewView) => Promise<GovernanceInput>,
  ): Promise<ReviewView> {
    return this.units.run(async (unit) => {
      const review = await visible(unit, caller, id);
      const [kind, ...rest] = content;
      const cause = await this.causes.of(unit, review.mandateId, [kind, id, caller.id, ...rest]);
      const state = await governInUnit(unit, review.mandateId, await command(unit, review), cause);
      const current = state.review?.proposal.proposalId ?? id;
      // an override opens a review of its own; everything else leaves the reader with the one he named
      return visible(unit, caller, kind === 'override' ? current : id);
    });
  }
}

async function visible(unit: UnitOfWork<DomainEvent>, caller: Principal, id: string): Promise<ReviewView> {
  const view = await findReview<AllocationProposed>(unit.manager, id);
  if (!view || view.kind !== 'allocation') throw new ReviewNotFoundError(id);
  requireSight(caller, view.mandateId, id);
  return view;
}

async function universeOf(unit: UnitOfWork<DomainEvent>, mandateId: string): Promise<Universe> {
  const { mandate } = await GOVERNANCE_STATES.load(unit, mandateId, initialGovernanceState);
  const universe = mandate && (await UNIVERSES.peek(unit, mandate.universeId));
  if (!universe) throw new InputError(`the universe of mandate ${mandateId} is not known`, { field: 'mandateId' });
  return universe;
}
