import { type Role } from '@allostat/contracts';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, UseFilters } from '@nestjs/common';
import type { z } from 'zod';
import { InputError } from '@allostat/kernel';
import { delegate, type Delegation, type DomainEvent } from '@allostat/pipeline';
import {
  Caller,
  HttpErrorFilter,
  NotAllowedError,
  People,
  SchemaPipe,
  UnitRunner,
  type Principal,
} from '@allostat/platform';
import { CommandCauses } from '../command-cause';
import { recordOf, recordOutputs } from '../govern-in-unit';
import { maySee } from '../identity/may-see';
import { insertDelegation, readDelegations, revokeDelegation } from './delegation.store';
import { delegationBody } from './review-bodies';

/** Who stands in for whom: a person delegates a role of his own for a time, and can take it back. */
@Controller('delegations')
@UseFilters(HttpErrorFilter)
export class DelegationsController {
  constructor(
    private readonly units: UnitRunner<DomainEvent>,
    private readonly causes: CommandCauses,
    private readonly people: People,
  ) {}

  /** Every delegation that was ever made on what the caller may see, and those from or to him. */
  @Get()
  list(@Caller() caller: Principal): Promise<Delegation[]> {
    return this.units.run(async (unit) => {
      const all = await readDelegations(unit.manager);
      return all.filter(({ from, to, mandateId }) => {
        return mandateId === '*' || from === caller.id || to === caller.id || maySee(caller, mandateId);
      });
    });
  }

  /** Lets another person decide in the caller's name, in one of his roles, for a time. */
  @Post()
  @HttpCode(200)
  create(
    @Caller() caller: Principal,
    @Body(new SchemaPipe(delegationBody)) wanted: z.infer<typeof delegationBody>,
  ): Promise<Delegation> {
    if (!caller.roles.includes(wanted.function as Role)) {
      throw new NotAllowedError(
        403,
        `${caller.id} does not have the role ${wanted.function}`,
        'delegate a role of yours',
      );
    }
    const to = this.people.bySubject(wanted.to);
    if (!to) throw new InputError(`there is nobody called ${wanted.to}`, { field: 'to' });
    const delegation = delegate({ ...wanted, to: to.id, from: caller.id }, this.causes.now());
    return this.units.run(async (unit) => {
      await insertDelegation(unit.manager, delegation);
      await this.record(unit, caller.id, 'delegation.made', delegation);
      return delegation;
    });
  }

  /** Ends a delegation of the caller's. */
  @Delete(':id')
  revoke(@Caller() caller: Principal, @Param('id') id: string): Promise<{ readonly revoked: string }> {
    return this.units.run(async (unit) => {
      const at = this.causes.now();
      if (!(await revokeDelegation(unit.manager, id, caller.id, at))) {
        throw new InputError(`${caller.id} has no running delegation ${id}`, { field: 'id' });
      }
      await this.record(unit, caller.id, 'delegation.revoked', { id, at });
      return { revoked: id };
    });
  }

  private async record(
    unit: Parameters<typeof recordOutputs>[0],
    actor: string,
    action: string,
    body: object,
  ): Promise<void> {
    const cause = this.causes.free([action, actor, JSON.stringify(body)]);
    recordOutputs(unit, [recordOf(cause.time, actor, action, `person:${actor}`, body)], cause);
  }
}
