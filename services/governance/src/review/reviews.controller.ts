import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query, UseFilters } from '@nestjs/common';
import { z } from 'zod';
import { InputError } from '@allostat/kernel';
import { initialGovernanceState, type DomainEvent, type Universe } from '@allostat/pipeline';
import { UnitRunner, type UnitOfWork } from '@allostat/platform';
import { CommandCauses } from '../command-cause';
import { GOVERNANCE_STATES, governInUnit } from '../govern-in-unit';
import { HttpErrorFilter } from '../http-error.filter';
import { UNIVERSES } from '../on-universe-versioned.handler';
import { DECIDING_ROLES, People, requireRole, type Person } from '../people/people';
import { findReview, listReviews } from './review.store';
import type { ReviewView } from './review.mapper';
import { ReviewNotFoundError } from './review-not-found-error';

const decisionBody = z.strictObject({
  decision: z.enum(['approve', 'reject']),
  reason: z.string(),
  contentHash: z.string(),
});
const overrideBody = z.strictObject({ reason: z.string(), weights: z.record(z.string(), z.number().finite()) });

/** The sign-off over HTTP: read what waits, approve, reject, override. */
@Controller('reviews')
@UseFilters(HttpErrorFilter)
export class ReviewsController {
  constructor(
    private readonly units: UnitRunner<DomainEvent>,
    private readonly people: People,
    private readonly causes: CommandCauses,
  ) {}

  @Get()
  async list(
    @Headers('authorization') token: string | undefined,
    @Query('status') status?: string,
  ): Promise<ReviewView[]> {
    this.people.authenticate(token);
    return this.units.run((unit) => listReviews(unit.manager, status));
  }

  @Get(':id')
  async show(@Headers('authorization') token: string | undefined, @Param('id') id: string): Promise<ReviewView> {
    this.people.authenticate(token);
    return this.units.run((unit) => existing(findReview(unit.manager, id), id));
  }

  @Post(':id/decisions')
  @HttpCode(200)
  async decide(
    @Headers('authorization') token: string | undefined,
    @Param('id') proposalId: string,
    @Body() body: unknown,
  ): Promise<ReviewView> {
    const person = this.deciding(token);
    const { decision, reason, contentHash } = parse(decisionBody, body);
    return this.units.run(async (unit) => {
      const { mandateId } = await existing(findReview(unit.manager, proposalId), proposalId);
      const command = {
        type: 'DecideReview',
        mandateId,
        proposalId,
        actor: person.id,
        decision,
        reason,
        contentHash,
      } as const;
      const cause = await this.causes.of(unit, mandateId, ['decide', proposalId, person.id]);
      await governInUnit(unit, mandateId, command, cause);
      return existing(findReview(unit.manager, proposalId), proposalId);
    });
  }

  @Post(':id/override')
  @HttpCode(200)
  async override(
    @Headers('authorization') token: string | undefined,
    @Param('id') proposalId: string,
    @Body() body: unknown,
  ): Promise<ReviewView> {
    const person = this.deciding(token);
    const { reason, weights } = parse(overrideBody, body);
    return this.units.run(async (unit) => {
      const { mandateId } = await existing(findReview(unit.manager, proposalId), proposalId);
      const cause = await this.causes.of(unit, mandateId, ['override', proposalId, person.id, JSON.stringify(weights)]);
      const universe = await universeOf(unit, mandateId);
      const command = {
        type: 'OverrideProposal',
        mandateId,
        proposalId,
        actor: person.id,
        reason,
        weights,
        universe,
      } as const;
      const state = await governInUnit(unit, mandateId, command, cause);
      const own = state.review?.proposal.proposalId ?? proposalId;
      return existing(findReview(unit.manager, own), own);
    });
  }

  private deciding(token: string | undefined): Person {
    const person = this.people.authenticate(token);
    requireRole(person, DECIDING_ROLES);
    return person;
  }
}

async function universeOf(unit: UnitOfWork<DomainEvent>, mandateId: string): Promise<Universe> {
  const { mandate } = await GOVERNANCE_STATES.load(unit, mandateId, initialGovernanceState);
  const universe = mandate && (await UNIVERSES.peek(unit, mandate.universeId));
  if (!universe) throw new InputError(`the universe of mandate ${mandateId} is not known`, { field: 'mandateId' });
  return universe;
}

async function existing(found: Promise<ReviewView | undefined>, id: string): Promise<ReviewView> {
  const view = await found;
  if (!view) throw new ReviewNotFoundError(id);
  return view;
}

function parse<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new InputError(`${issue.path.join('.') || 'body'}: ${issue.message}`, { field: issue.path.join('.') });
}
