import { Body, Controller, Delete, Get, HttpCode, Param, Post, UseFilters } from '@nestjs/common';
import { DECIDING_ROLES, type Role } from '@allostat/contracts';
import { InputError } from '@allostat/kernel';
import { declareAbsence, type Absence, type DomainEvent } from '@allostat/pipeline';
import { Caller, HttpErrorFilter, NotAllowedError, People, type Principal, UnitRunner } from '@allostat/platform';
import { CommandCauses } from '../command-cause';
import { recordOf, recordOutputs } from '../govern-in-unit';
import { parseBody } from '../http-body';
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

  @Get()
  list(): Promise<Absence[]> {
    return this.units.run((unit) => readAbsences(unit.manager));
  }

  @Post()
  @HttpCode(200)
  declare(@Caller() caller: Principal, @Body() body: unknown): Promise<Absence> {
    const { person: named = caller.id, deputy, ...wanted } = parseBody(absenceBody, body);
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
      const content = { ...absence, delegations };
      await recordOutputs(
        unit,
        [recordOf(cause.time, caller.id, 'absence.declared', `person:${person.id}`, content)],
        cause,
      );
      return absence;
    });
  }

  /** The person is back before his time. */
  @Delete(':id')
  end(@Caller() caller: Principal, @Param('id') id: string): Promise<{ readonly ended: string }> {
    return this.units.run(async (unit) => {
      const cause = this.causes.free(['absence-end', id, caller.id]);
      const person = await endAbsence(unit.manager, id, cause.time);
      if (person === undefined) throw new InputError(`there is no absence ${id} that runs`, { field: 'id' });
      requireOwnOr(caller, person);
      const content = { id, at: cause.time };
      await recordOutputs(unit, [recordOf(cause.time, caller.id, 'absence.ended', `person:${person}`, content)], cause);
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
