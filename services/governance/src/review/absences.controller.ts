import { Body, Controller, Delete, Get, HttpCode, Param, Post, UseFilters } from '@nestjs/common';
import type { z } from 'zod';
import { DECIDING_ROLES, type Role } from '@allostat/contracts';
import { InputError } from '@allostat/kernel';
import { declareAbsence, type Absence, type DomainEvent } from '@allostat/pipeline';
import {
  Caller,
  HttpErrorFilter,
  NotAllowedError,
  People,
  type Principal,
  SchemaPipe,
  UnitRunner,
} from '@allostat/platform';
import { CommandCauses } from '../command-cause';
import { recordOf, recordOutputs } from '../govern-in-unit';
import { endAbsence, insertAbsence, readAbsences } from './absence.store';
import { insertDelegation } from './delegation.store';
import { absenceBody } from './review-bodies';

/** Who may say that somebody else is away. */
const DECLARES: readonly Role[] = ['compliance', 'operator'];

/** Who is away, until when, and who stands in. */
@Controller('absences')
@UseFilters(HttpErrorFilter)
export class AbsencesController {
  constructor(
    private readonly units: UnitRunner<DomainEvent>,
    private readonly causes: CommandCauses,
    private readonly people: People,
  ) {}

  /** Every absence that was ever declared. */
  @Get()
  list(): Promise<Absence[]> {
    return this.units.run((unit) => readAbsences(unit.manager));
  }

  /** Says that the caller, or for compliance and operators somebody else, is away, and who stands in. */
  @Post()
  @HttpCode(200)
  declare(
    @Caller() caller: Principal,
    @Body(new SchemaPipe(absenceBody)) { person: named = caller.id, deputy, ...wanted }: z.infer<typeof absenceBody>,
  ): Promise<Absence> {
    const person = this.known(named, 'person');
    requireOwnOr(caller, person.id);
    const cause = this.causes.free(['absence', caller.id, person.id, this.causes.now()]);
    const roles = person.roles.filter((role) => DECIDING_ROLES.includes(role));
    const { absence, delegations } = declareAbsence(
      {
        ...wanted,
        person: person.id,
        ...(deputy !== undefined && { deputy: this.known(deputy, 'deputy').id }),
        declaredBy: caller.id,
      },
      roles,
      cause.time,
    );
    return this.units.run(async (unit) => {
      for (const delegation of delegations) await insertDelegation(unit.manager, delegation);
      await insertAbsence(unit.manager, absence, delegations);
      const subject = `person:${person.id}`;
      const content = { ...absence, delegations: delegations.map(({ id }) => id) };
      const records = [
        ...delegations.map((delegation) => recordOf(cause.time, caller.id, 'delegation.made', subject, delegation)),
        recordOf(cause.time, caller.id, 'absence.declared', subject, content),
      ];
      recordOutputs(unit, records, cause);
      return absence;
    });
  }

  /** The person is back before his time. */
  @Delete(':id')
  end(@Caller() caller: Principal, @Param('id') id: string): Promise<{ readonly ended: string }> {
    return this.units.run(async (unit) => {
      const cause = this.causes.free(['absence-end', id, caller.id]);
      const at = cause.time;
      const ended = await endAbsence(unit.manager, id, at);
      if (!ended) throw new InputError(`there is no absence ${id} that runs`, { field: 'id' });
      requireOwnOr(caller, ended.person);
      const subject = `person:${ended.person}`;
      const records = [
        ...ended.delegations.map((revoked) =>
          recordOf(at, caller.id, 'delegation.revoked', subject, { id: revoked, at }),
        ),
        recordOf(at, caller.id, 'absence.ended', subject, { id, at }),
      ];
      recordOutputs(unit, records, cause);
      return { ended: id };
    });
  }

  private known(name: string, field: string): { readonly id: string; readonly roles: readonly Role[] } {
    const person = this.people.bySubject(name);
    if (person) return person;
    throw new InputError(`there is nobody called ${name}`, { field });
  }
}

function requireOwnOr(caller: Principal, person: string): void {
  if (caller.id === person || caller.roles.some((role) => DECLARES.includes(role))) return;
  throw new NotAllowedError(
    403,
    `${caller.id} cannot say that ${person} is away or back`,
    'ask compliance or an operator',
  );
}
