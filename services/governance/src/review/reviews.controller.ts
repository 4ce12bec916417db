import { DECIDING_ROLES } from '@allostat/contracts';
import { Body, Controller, Get, HttpCode, Param, Post, Query, UseFilters } from '@nestjs/common';
import type { z } from 'zod';
import { InputError } from '@allostat/kernel';
import {
  EVIDENCE_PARTS,
  evidenceOf,
  initialGovernanceState,
  isOpen,
  type AllocationProposed,
  type DomainEvent,
  type Evidence,
  type EvidencePart,
  type GovernanceInput,
  type ReviewStatus,
  type Universe,
} from '@allostat/pipeline';
import {
  Caller,
  HttpErrorFilter,
  People,
  SchemaPipe,
  UnitRunner,
  type Envelope,
  type Principal,
  type UnitOfWork,
} from '@allostat/platform';
import { CommandCauses } from '../command-cause';
import { committeesOn } from '../committee/meeting.store';
import { GOVERNANCE_STATES, governInUnit } from '../govern-in-unit';
import { requireSight } from '../identity/may-see';
import { actOnDrillInUnit } from '../oversight/drill-in-unit';
import { readDrills } from '../oversight/drill.store';
import { recordView, viewsOf } from '../oversight/evidence.store';
import { UNIVERSES } from '../on-universe-versioned.handler';
import { readAbsences } from './absence.store';
import { readDelegations } from './delegation.store';
import { answerBody, challengeBody, decisionBody, overrideBody, withdrawalBody } from './review-bodies';
import type { ReviewView } from './review.mapper';
import { ReviewNotFoundError } from './review-not-found-error';
import { DRILL, findReview, listReviews } from './review.store';
import { requireDelegator, signatureOf } from './signature-of';

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
    private readonly people: People,
  ) {}

  /** Reviews of proposals, newest first; `status=waiting` for all that can still be decided. */
  @Get()
  list(@Caller() { mandates }: Principal, @Query('status') status?: string): Promise<ReviewView[]> {
    const filter = { ...(status !== undefined && { status }), ...(mandates !== undefined && { mandates }) };
    return this.units.run(async (unit) => {
      return asShown(unit, await listReviews(unit.manager, { ...filter, kinds: ['allocation', DRILL] }));
    });
  }

  /** A review with its proposal, what it still needs, and everything that was said. */
  @Get(':id')
  show(@Caller() caller: Principal, @Param('id') id: string): Promise<ReviewView> {
    return this.units.run(async (unit) => {
      const review = await visible(unit, caller, id);
      await this.shown(unit, caller, review, 'proposal');
      return shownReview(unit, review);
    });
  }

  /** One part of what a proposal rests on; that it was opened, by whom and when, is recorded. */
  @Get(':id/evidence/:part')
  evidence(@Caller() caller: Principal, @Param('id') id: string, @Param('part') part: string): Promise<Evidence> {
    return this.units.run(async (unit) => {
      const review = await visible(unit, caller, id);
      const known = EVIDENCE_PARTS.find((candidate) => candidate === part);
      if (!known)
        throw new InputError(`there is no evidence "${part}"; use ${EVIDENCE_PARTS.join(', ')}`, { field: 'part' });
      return this.shown(unit, caller, review, known);
    });
  }

  /** Approves or rejects what the content hash names. The last approval that is needed releases it. */
  @Post(':id/decisions')
  @HttpCode(200)
  decide(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Body(new SchemaPipe(decisionBody)) decision: z.infer<typeof decisionBody>,
  ): Promise<ReviewView> {
    return this.run({ id, caller, content: ['decide'] }, async (unit, { mandateId, functions, contentHash }) => {
      const signature = signatureOf(caller, decision, functions);
      requireDelegator(this.people, signature, mandateId);
      return {
        type: 'DecideReview',
        mandateId,
        proposalId: id,
        ...signature,
        viewed: await viewsOf(unit.manager, id, caller.id),
        delegations: await readDelegations(unit.manager),
        absences: await readAbsences(unit.manager),
        committees: await committeesOn(unit.manager, mandateId, contentHash),
      };
    });
  }

  /** Puts the caller's own weights in the place of the proposed ones; they need approvals of their own. */
  @Post(':id/override')
  @HttpCode(200)
  override(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Body(new SchemaPipe(overrideBody)) { reason, weights }: z.infer<typeof overrideBody>,
  ): Promise<ReviewView> {
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

  /** Puts a doubt on record; nobody can approve until it is answered. */
  @Post(':id/challenges')
  @HttpCode(200)
  challenge(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Body(new SchemaPipe(challengeBody)) { topic, text }: z.infer<typeof challengeBody>,
  ): Promise<ReviewView> {
    return this.run({ id, caller, content: ['challenge', topic, text] }, async (_unit, { mandateId }) => ({
      type: 'ChallengeReview',
      mandateId,
      proposalId: id,
      actor: caller.id,
      topic,
      text,
    }));
  }

  /** Answers a doubt. */
  @Post(':id/challenges/:challenge/answer')
  @HttpCode(200)
  answer(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Param('challenge') challengeId: string,
    @Body(new SchemaPipe(answerBody)) { text }: z.infer<typeof answerBody>,
  ): Promise<ReviewView> {
    return this.run({ id, caller, content: ['answer', challengeId] }, async (_unit, { mandateId }) => ({
      type: 'AnswerChallenge',
      mandateId,
      proposalId: id,
      actor: caller.id,
      challengeId,
      text,
    }));
  }

  /** Takes a proposal back before it is decided. */
  @Post(':id/withdrawal')
  @HttpCode(200)
  withdraw(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Body(new SchemaPipe(withdrawalBody)) { reason }: z.infer<typeof withdrawalBody>,
  ): Promise<ReviewView> {
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
      const input = await command(unit, review);
      if (review.kind === DRILL) {
        await drillOf(unit, input, cause);
        return shownReview(unit, await visible(unit, caller, id));
      }
      const state = await governInUnit(unit, review.mandateId, input, cause);
      const current = state.review?.proposal.proposalId ?? id;
      // an override opens a review of its own; everything else leaves the reader with the one he named
      return visible(unit, caller, kind === 'override' ? current : id);
    });
  }

  /** Evidence as the caller gets to see it; while the review is open that he did is recorded. */
  private async shown(
    unit: UnitOfWork<DomainEvent>,
    caller: Principal,
    { id, mandateId, status, proposal }: ReviewView,
    part: EvidencePart,
  ): Promise<Evidence> {
    const { mandate } = await GOVERNANCE_STATES.load(unit, mandateId, initialGovernanceState);
    if (!mandate) throw new ReviewNotFoundError(id);
    const evidence = evidenceOf(part, proposal, mandate);
    if (isOpen(status as ReviewStatus) && caller.roles.some((role) => DECIDING_ROLES.includes(role))) {
      const { time: at } = await this.causes.of(unit, mandateId, ['view', id, caller.id, part]);
      await recordView(unit.manager, { proposalId: id, person: caller.id, evidence, at });
    }
    return evidence;
  }
}

/** A drill takes the commands of any review; there is nothing that a release of it could be tried with. */
async function drillOf(unit: UnitOfWork<DomainEvent>, input: GovernanceInput, cause: Envelope): Promise<void> {
  switch (input.type) {
    case 'DecideReview':
    case 'ChallengeReview':
    case 'OverrideProposal':
    case 'WithdrawReview':
    case 'AnswerChallenge':
      return actOnDrillInUnit(unit, input, cause);
    default:
      return;
  }
}

/** Reviews as people may know them: a drill that runs looks like any other proposal, one that is over says so. */
async function asShown(unit: UnitOfWork<DomainEvent>, reviews: readonly ReviewView[]): Promise<ReviewView[]> {
  const ids = reviews.filter(({ kind }) => kind === DRILL).map(({ id }) => id);
  const drills = ids.length === 0 ? [] : await readDrills(unit.manager, { ids });
  return reviews.map((review) => {
    if (review.kind !== DRILL) return review;
    const drill = drills.find(({ proposalId }) => proposalId === review.id);
    if (drill?.outcome === undefined) return { ...review, kind: 'allocation' };
    const { fault, wrong, outcome } = drill;
    return { ...review, drill: { fault, wrong, outcome } };
  });
}

async function shownReview(unit: UnitOfWork<DomainEvent>, review: ReviewView): Promise<ReviewView> {
  const [shown] = await asShown(unit, [review]);
  return shown;
}

async function visible(unit: UnitOfWork<DomainEvent>, caller: Principal, id: string): Promise<ReviewView> {
  const view = await findReview<AllocationProposed>(unit.manager, id, { drills: true });
  if (!view || !['allocation', DRILL].includes(view.kind)) throw new ReviewNotFoundError(id);
  requireSight(caller, view.mandateId, id);
  return view;
}

async function universeOf(unit: UnitOfWork<DomainEvent>, mandateId: string): Promise<Universe> {
  const { mandate } = await GOVERNANCE_STATES.load(unit, mandateId, initialGovernanceState);
  const universe = mandate && (await UNIVERSES.peek(unit, mandate.universeId));
  if (!universe) throw new InputError(`the universe of mandate ${mandateId} is not known`, { field: 'mandateId' });
  return universe;
}
