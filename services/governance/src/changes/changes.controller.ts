import { Body, Controller, Get, HttpCode, Param, Post, Query, UseFilters } from '@nestjs/common';
import { z } from 'zod';
import type { Role } from '@allostat/contracts';
import {
  answerChallenge,
  challengeReview,
  CHANGE_KINDS,
  decideChange,
  proposeChange,
  withdrawChange,
  type Change,
  type ChangeContent,
  type DomainEvent,
} from '@allostat/pipeline';
import {
  Caller,
  HttpErrorFilter,
  maySeeUniverse,
  People,
  SchemaPipe,
  UnitRunner,
  type Principal,
  type UnitOfWork,
} from '@allostat/platform';
import { CommandCauses } from '../command-cause';
import { maySee } from '../identity/may-see';
import { readAbsences } from '../review/absence.store';
import { readDelegations } from '../review/delegation.store';
import { answerBody, challengeBody, decisionBody, withdrawalBody } from '../review/review-bodies';
import type { ReviewView } from '../review/review.mapper';
import { ReviewNotFoundError } from '../review/review-not-found-error';
import { findReview, listReviews } from '../review/review.store';
import { requireDelegator, signatureOf } from '../review/signature-of';
import { changeKey, PROPOSED, saveChange } from './change-in-unit';
import { changeBody, changeKind, requireFitting, requireSightOf } from './change-kinds';
import { CHANGES, readVersions, type ApprovedVersion } from './change.store';

const SIGNS: readonly Role[] = ['risk', 'committee', 'compliance', 'portfolio-manager'];
const versionsQuery = z.strictObject({ asOf: z.union([z.iso.datetime(), z.iso.date()]).exactOptional() });
type ChangeView = ReviewView<ChangeContent>;

/** What a step of a change adds to its record. */
interface Step {
  readonly action: string;
  readonly text?: string;
}

/** Versions of policies, mandates, universes and committees: proposed by one person, approved by others, kept for ever. */
@Controller()
@UseFilters(HttpErrorFilter)
export class ChangesController {
  constructor(
    private readonly units: UnitRunner<DomainEvent>,
    private readonly causes: CommandCauses,
    private readonly people: People,
  ) {}

  /** Changes of policies, mandates, universes and committees, newest first. */
  @Get('changes')
  list(@Caller() caller: Principal): Promise<ReviewView[]> {
    return this.units.run(async (unit) => {
      const all = await listReviews(unit.manager, { kinds: CHANGE_KINDS });
      return all.filter(({ kind, mandateId: subject }) => {
        if (kind === 'mandate') return maySee(caller, subject);
        return kind !== 'universe' || maySeeUniverse(caller, subject);
      });
    });
  }

  /** A change with its content, what it still needs, and what was said. */
  @Get('changes/:id')
  show(@Caller() caller: Principal, @Param('id') id: string): Promise<ChangeView> {
    return this.units.run((unit) => found(unit, caller, id));
  }

  /** Approved versions of a subject, oldest first; with `asOf` the one that held at that instant. */
  @Get('versions/:kind/:id')
  versions(
    @Caller() caller: Principal,
    @Param('kind') kind: string,
    @Param('id') id: string,
    @Query(new SchemaPipe(versionsQuery)) { asOf }: z.infer<typeof versionsQuery>,
  ): Promise<ApprovedVersion[]> {
    const known = changeKind(kind);
    requireSightOf(caller, known, id, id);
    return this.units.run((unit) => readVersions(unit.manager, known, id, asOf));
  }

  /** Proposes the next version of policies or of a mandate. */
  @Post('changes')
  @HttpCode(200)
  propose(
    @Caller() caller: Principal,
    @Body(new SchemaPipe(changeBody)) { reason, ...wanted }: z.infer<typeof changeBody>,
  ): Promise<ChangeView> {
    const content = wanted as ChangeContent;
    requireSightOf(caller, content.kind, content.body.id, content.body.id);
    return this.units.run(async (unit) => {
      await requireFitting(unit, content, this.people);
      const change = proposeChange(content, caller.id, reason, this.causes.now());
      const cause = this.causes.free(['change.propose', change.changeId, caller.id]);
      await saveChange(unit, change, { actor: caller.id, action: PROPOSED }, { ...cause, time: change.openedAt });
      return found(unit, caller, change.changeId);
    });
  }

  /** Approves or rejects a change; the last approval that is needed makes it hold. */
  @Post('changes/:id/decisions')
  @HttpCode(200)
  decide(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Body(new SchemaPipe(decisionBody)) decision: z.infer<typeof decisionBody>,
  ): Promise<ChangeView> {
    return this.move(id, caller, async (unit, change, now, { kind, mandateId, functions }) => {
      const standing = {
        delegations: await readDelegations(unit.manager),
        absences: await readAbsences(unit.manager),
      };
      const signature = signatureOf(caller, decision, functions, SIGNS);
      requireDelegator(this.people, signature, kind === 'mandate' ? mandateId : undefined);
      return [decideChange(change, signature, now, standing), { action: decision.decision }];
    });
  }

  /** Puts a doubt about a change on record; nobody can approve until it is answered. */
  @Post('changes/:id/challenges')
  @HttpCode(200)
  challenge(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Body(new SchemaPipe(challengeBody)) doubt: z.infer<typeof challengeBody>,
  ): Promise<ChangeView> {
    return this.move(id, caller, (_unit, change, now) => {
      return [challengeReview(change, { ...doubt, actor: caller.id }, now), { action: 'challenge', text: doubt.text }];
    });
  }

  /** Answers a doubt about a change. */
  @Post('changes/:id/challenges/:challenge/answer')
  @HttpCode(200)
  answer(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Param('challenge') challengeId: string,
    @Body(new SchemaPipe(answerBody)) { text }: z.infer<typeof answerBody>,
  ): Promise<ChangeView> {
    return this.move(id, caller, (_unit, change, now) => {
      return [answerChallenge(change, { challengeId, actor: caller.id, text }, now), { action: 'answer', text }];
    });
  }

  /** Takes a change back before it is decided. */
  @Post('changes/:id/withdrawal')
  @HttpCode(200)
  withdraw(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Body(new SchemaPipe(withdrawalBody)) { reason }: z.infer<typeof withdrawalBody>,
  ): Promise<ChangeView> {
    return this.move(id, caller, (_unit, change) => {
      return [withdrawChange(change, caller.id, reason), { action: 'withdraw', text: reason }];
    });
  }

  private move(
    id: string,
    caller: Principal,
    step: (
      unit: UnitOfWork<DomainEvent>,
      change: Change,
      now: string,
      view: ChangeView,
    ) => [Change, Step] | Promise<[Change, Step]>,
  ): Promise<ChangeView> {
    return this.units.run(async (unit) => {
      const view = await found(unit, caller, id);
      const { change } = await CHANGES.load(unit, changeKey(view.kind, view.mandateId), () => ({}));
      if (change?.changeId !== id) throw new ReviewNotFoundError(id);
      const now = this.causes.now();
      const [next, { action, text }] = await step(unit, change, now, view);
      const cause = { ...this.causes.free([`change.${action}`, id, caller.id, now]), time: now };
      await saveChange(unit, next, { actor: caller.id, action, ...(text !== undefined && { text }) }, cause);
      return found(unit, caller, id);
    });
  }
}

async function found(unit: UnitOfWork<DomainEvent>, caller: Principal, id: string): Promise<ChangeView> {
  const view = await findReview<ChangeContent>(unit.manager, id);
  if (!view || view.kind === 'allocation') throw new ReviewNotFoundError(id);
  requireSightOf(caller, view.kind, view.mandateId, id);
  return view;
}
