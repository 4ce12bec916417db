import { Body, Controller, Get, HttpCode, Param, Post, UseFilters } from '@nestjs/common';
import { z } from 'zod';
import { AllostatError, InputError } from '@allostat/kernel';
import {
  castVote,
  CHOICES,
  closeMeeting,
  convene,
  type Committee,
  type DomainEvent,
  type Meeting,
  type MeetingItem,
} from '@allostat/pipeline';
import { Caller, HttpErrorFilter, type Principal, SchemaPipe, type UnitOfWork, UnitRunner } from '@allostat/platform';
import { latestVersion } from '../changes/change.store';
import { CommandCauses } from '../command-cause';
import { recordOf, recordOutputs } from '../govern-in-unit';
import { maySee, requireSight } from '../identity/may-see';
import { readAbsences } from '../review/absence.store';
import { readDelegations } from '../review/delegation.store';
import { ReviewNotFoundError } from '../review/review-not-found-error';
import { findReview, partiesOf } from '../review/review.store';
import { meetingIds, MEETINGS, saveMeeting } from './meeting.store';

const name = z.string().min(1).max(100);
const conveneBody = z.strictObject({ committee: name, subjects: z.array(name).min(1).max(100) });
const voteBody = z.strictObject({
  subject: name,
  choice: z.enum(CHOICES),
  contentHash: z.string(),
  reason: z.string().max(4000).exactOptional(),
  onBehalfOf: name.exactOptional(),
});
const minutesBody = z.strictObject({
  text: z.string().max(20_000),
  followUps: z
    .array(z.strictObject({ what: z.string().min(5).max(1000), who: name, due: z.iso.date() }))
    .max(100)
    .default([]),
});

/** Thrown when there is no such meeting, or none that the caller may know of. */
class MeetingNotFoundError extends AllostatError {
  readonly status = 404;

  constructor(id: string) {
    super('GOVERNANCE.MEETING_NOT_FOUND', `there is no meeting ${id}`, 'see `allostat committee meetings`');
  }
}

type Unit = UnitOfWork<DomainEvent>;

/** Committees decide by vote: a meeting is convened on reviews, members vote, minutes close it. */
@Controller('meetings')
@UseFilters(HttpErrorFilter)
export class MeetingsController {
  constructor(
    private readonly units: UnitRunner<DomainEvent>,
    private readonly causes: CommandCauses,
  ) {}

  /** Meetings on what the caller may see. */
  @Get()
  list(@Caller() caller: Principal): Promise<Meeting[]> {
    return this.units.run(async (unit) => {
      const meetings: Meeting[] = [];
      for (const id of await meetingIds(unit.manager)) {
        const meeting = (await MEETINGS.peek(unit, id))?.meeting;
        if (meeting && sees(caller, meeting)) meetings.push(meeting);
      }
      return meetings;
    });
  }

  /** A meeting with its items, votes and minutes. */
  @Get(':id')
  show(@Caller() caller: Principal, @Param('id') id: string): Promise<Meeting> {
    return this.units.run((unit) => found(unit, caller, id));
  }

  /** Convenes a committee on reviews. */
  @Post()
  @HttpCode(200)
  convene(
    @Caller() caller: Principal,
    @Body(new SchemaPipe(conveneBody)) { committee: id, subjects }: z.infer<typeof conveneBody>,
  ): Promise<Meeting> {
    return this.units.run(async (unit) => {
      const version = await latestVersion(unit.manager, 'committee', id);
      if (!version) throw new InputError(`there is no committee ${id}`, { field: 'committee' });
      const items: MeetingItem[] = [];
      for (const subject of subjects) items.push(await itemOf(unit, caller, subject));
      const now = this.causes.now();
      const meeting = convene(version.body as Committee, items, caller.id, now);
      await MEETINGS.load(unit, meeting.meetingId, () => ({}));
      return this.save(unit, undefined, meeting, { actor: caller.id, action: 'convened', now, body: { items } });
    });
  }

  /** Votes for, against or abstains, on the content of a review; what is no yes needs a reason. */
  @Post(':id/votes')
  @HttpCode(200)
  vote(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Body(new SchemaPipe(voteBody)) { reason, onBehalfOf, ...vote }: z.infer<typeof voteBody>,
  ): Promise<Meeting> {
    return this.units.run(async (unit) => {
      const before = await found(unit, caller, id);
      const now = this.causes.now();
      const wish = {
        ...vote,
        actor: caller.id,
        ...(reason !== undefined && { reason }),
        ...(onBehalfOf !== undefined && { onBehalfOf }),
      };
      const after = castVote(before, wish, {
        now,
        delegations: await readDelegations(unit.manager),
        absences: await readAbsences(unit.manager),
      });
      return this.save(unit, before, after, { actor: caller.id, action: 'vote', now, body: { ...after.votes.at(-1) } });
    });
  }

  /** Closes a meeting with its minutes; its resolutions follow from the votes. */
  @Post(':id/minutes')
  @HttpCode(200)
  close(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Body(new SchemaPipe(minutesBody)) { text, followUps }: z.infer<typeof minutesBody>,
  ): Promise<Meeting> {
    return this.units.run(async (unit) => {
      const before = await found(unit, caller, id);
      const now = this.causes.now();
      const after = closeMeeting(before, { actor: caller.id, text, followUps }, now);
      const content = { ...after.minutes, votes: after.votes };
      return this.save(unit, before, after, { actor: caller.id, action: 'minutes', now, body: content });
    });
  }

  private async save(
    unit: Unit,
    before: Meeting | undefined,
    after: Meeting,
    { actor, action, now, body }: { actor: string; action: string; now: string; body: object },
  ): Promise<Meeting> {
    const { meetingId, committee } = after;
    MEETINGS.save(unit, meetingId, { meeting: after });
    await saveMeeting(unit.manager, before, after);
    const cause = { ...this.causes.free([`meeting.${action}`, meetingId, actor, now]), time: now };
    const content = { meetingId, committee: `${committee.id}@${committee.version}`, ...body };
    recordOutputs(unit, [recordOf(now, actor, `meeting.${action}`, `committee:${committee.id}`, content)], cause);
    return after;
  }
}

/** A review as an item: a proposal, or a change that is about a mandate. */
async function itemOf(unit: Unit, caller: Principal, subject: string): Promise<MeetingItem> {
  const review = await findReview(unit.manager, subject, { drills: true });
  if (!review || !['allocation', 'drill', 'mandate'].includes(review.kind)) throw new ReviewNotFoundError(subject);
  const { mandateId, contentHash } = review;
  requireSight(caller, mandateId, subject);
  return { subject, mandateId, contentHash, parties: await partiesOf(unit.manager, subject) };
}

async function found(unit: Unit, caller: Principal, id: string): Promise<Meeting> {
  // looked for first: a load would keep a row for whatever id was asked for
  const known = (await MEETINGS.peek(unit, id))?.meeting;
  if (!known || !sees(caller, known)) throw new MeetingNotFoundError(id);
  const { meeting = known } = await MEETINGS.load(unit, id, () => ({}));
  return meeting;
}

function sees(caller: Principal, { items }: Meeting): boolean {
  return items.every(({ mandateId }) => maySee(caller, mandateId));
}
