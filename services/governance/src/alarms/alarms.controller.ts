import { Body, Controller, Get, HttpCode, Param, Post, Query, UseFilters } from '@nestjs/common';
import { z } from 'zod';
import { AllostatError } from '@allostat/kernel';
import type { DomainEvent, GovernanceAlarmMoved } from '@allostat/pipeline';
import { Caller, HttpErrorFilter, SchemaPipe, UnitRunner, type Principal } from '@allostat/platform';
import { CommandCauses } from '../command-cause';
import { maySee } from '../identity/may-see';
import { acknowledgeInUnit } from './alarm-in-unit';
import { alarmHistory, listAlarms } from './alarm.store';

const listQuery = z.strictObject({ open: z.enum(['true', 'false']).default('false') });
const acknowledgementBody = z.strictObject({ reason: z.string().max(4000) });

/** Thrown when there is no such alarm, or none that the caller may know of. */
class AlarmNotFoundError extends AllostatError {
  readonly status = 404;

  constructor(id: string) {
    super('GOVERNANCE.ALARM_NOT_FOUND', `there is no alarm ${id}`, 'see `allostat alarm list`');
  }
}

/** What a person must look at, and who has it in hand. */
@Controller('alarms')
@UseFilters(HttpErrorFilter)
export class AlarmsController {
  constructor(
    private readonly units: UnitRunner<DomainEvent>,
    private readonly causes: CommandCauses,
  ) {}

  /** What calls a person: the last step of each alarm, newest first. */
  @Get()
  list(
    @Caller() caller: Principal,
    @Query(new SchemaPipe(listQuery)) { open }: z.infer<typeof listQuery>,
  ): Promise<GovernanceAlarmMoved[]> {
    return this.units.run(async (unit) => {
      const alarms = await listAlarms(unit.manager, { open: open === 'true' });
      return alarms.filter((alarm) => sees(caller, alarm));
    });
  }

  /** Everything that was told of one alarm, oldest first. */
  @Get(':id')
  show(@Caller() caller: Principal, @Param('id') id: string): Promise<readonly GovernanceAlarmMoved[]> {
    return this.units.run(async (unit) => {
      const history = await alarmHistory(unit.manager, id);
      if (history.length === 0 || !sees(caller, history[0])) throw new AlarmNotFoundError(id);
      return history;
    });
  }

  /** Takes an alarm in hand: it does not call again. */
  @Post(':id/acknowledgement')
  @HttpCode(200)
  acknowledge(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Body(new SchemaPipe(acknowledgementBody)) { reason }: z.infer<typeof acknowledgementBody>,
  ): Promise<GovernanceAlarmMoved> {
    return this.units.run(async (unit) => {
      const history = await alarmHistory(unit.manager, id);
      if (history.length === 0 || !sees(caller, history[0])) throw new AlarmNotFoundError(id);
      return acknowledgeInUnit(unit, id, { actor: caller.id, reason }, this.causes.free(['alarm-ack', id]));
    });
  }
}

/** Alarms about no mandate are for those who see all of them. */
function sees(caller: Principal, { mandateId }: GovernanceAlarmMoved): boolean {
  return mandateId === undefined ? caller.mandates === undefined : maySee(caller, mandateId);
}
