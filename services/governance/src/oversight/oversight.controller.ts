import { Body, Controller, Get, HttpCode, Post, Query, UseFilters } from '@nestjs/common';
import { z } from 'zod';
import { FAULTS, oversightReport, type DomainEvent, type OversightReport } from '@allostat/pipeline';
import { Caller, HttpErrorFilter, SchemaPipe, UnitRunner, type Principal } from '@allostat/platform';
import { CommandCauses } from '../command-cause';
import { requireSight } from '../identity/may-see';
import { plantInUnit } from './drill-in-unit';
import { readDrills, type DrillView } from './drill.store';
import { readOversight } from './read-oversight';

const drillBody = z.strictObject({ mandateId: z.string().min(1), fault: z.enum(FAULTS), reason: z.string() });
const moment = z.union([z.iso.datetime(), z.iso.date()]).exactOptional();
const periodQuery = z.strictObject({ since: moment, until: moment });

/** How well people oversee, and the drills that measure it. */
@Controller()
@UseFilters(HttpErrorFilter)
export class OversightController {
  constructor(
    private readonly units: UnitRunner<DomainEvent>,
    private readonly causes: CommandCauses,
  ) {}

  /** Time to decide, evidence opened, overrides and their value, drills, and alarms, over a period. */
  @Get('oversight')
  report(
    @Caller() { mandates }: Principal,
    @Query(new SchemaPipe(periodQuery)) period: z.infer<typeof periodQuery>,
  ): Promise<OversightReport> {
    return this.units.run(async (unit) => {
      return oversightReport(await readOversight(unit.manager, { ...period, ...(mandates && { mandates }) }));
    });
  }

  /** Drills and how they ended. */
  @Get('drills')
  drills(@Caller() { mandates }: Principal): Promise<DrillView[]> {
    return this.units.run((unit) => readDrills(unit.manager, mandates ? { mandates } : {}));
  }

  /** Plants a faulty copy of the last proposal before the reviewers of a mandate. It can never be released. */
  @Post('drills')
  @HttpCode(200)
  plant(
    @Caller() caller: Principal,
    @Body(new SchemaPipe(drillBody)) { mandateId, fault, reason }: z.infer<typeof drillBody>,
  ): Promise<DrillView> {
    requireSight(caller, mandateId, mandateId);
    return this.units.run(async (unit) => {
      const cause = await this.causes.of(unit, mandateId, ['drill', caller.id, fault, this.causes.now()]);
      const id = await plantInUnit(unit, { mandateId, fault, reason, plantedBy: caller.id }, cause);
      const [planted] = await readDrills(unit.manager, { ids: [id] });
      return planted;
    });
  }
}
