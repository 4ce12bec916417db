import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, UseFilters } from '@nestjs/common';
import { InputError, toInstant, type Clock } from '@allostat/kernel';
import type { DomainEvent } from '@allostat/pipeline';
import {
  Caller,
  CLOCK,
  HttpErrorFilter,
  maySeeUniverse,
  SchemaPipe,
  UnitRunner,
  type Principal,
} from '@allostat/platform';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { overrideInUnit } from './override-in-unit';
import { findCase, listCases, type QuarantineCase } from './quarantine.store';

const query = z.strictObject({
  universe: z.string().exactOptional(),
  series: z.string().exactOptional(),
  severity: z.enum(['warning', 'error']).exactOptional(),
  open: z.enum(['true', 'false']).exactOptional(),
  after: z.coerce.number().int().min(0).exactOptional(),
});
const order = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('release'), reason: z.string() }),
  z.strictObject({ action: z.literal('correct'), value: z.number(), reason: z.string() }),
]);

/** Values that rules set aside, and the word of people on them. */
@Controller('quarantine')
@UseFilters(HttpErrorFilter)
export class QuarantineController {
  constructor(
    private readonly units: UnitRunner<DomainEvent>,
    private readonly database: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Values that were set aside or noted, newest last. */
  @Get()
  async list(
    @Caller() caller: Principal,
    @Query(new SchemaPipe(query)) { universe, series, severity, open, after }: z.infer<typeof query>,
  ): Promise<QuarantineCase[]> {
    const cases = await listCases(this.database, {
      ...(universe !== undefined && { universeId: universe }),
      ...(series !== undefined && { seriesId: series }),
      ...(severity !== undefined && { severity }),
      ...(after !== undefined && { after }),
      open: open === 'true',
    });
    return cases.filter(({ finding }) => maySeeUniverse(caller, finding.universeId));
  }

  /** One of them, with its rule, limit and neighbours, and what people said of it. */
  @Get(':id')
  show(@Caller() caller: Principal, @Param('id') id: string): Promise<QuarantineCase> {
    return this.existing(id, caller);
  }

  /** Releases a value as it is, or puts another in its place, with a reason. */
  @Post(':id/decisions')
  @HttpCode(200)
  async decide(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Body(new SchemaPipe(order)) wish: z.infer<typeof order>,
  ): Promise<QuarantineCase> {
    const found = await this.existing(id, caller);
    const said = { actor: caller.id, at: toInstant(this.clock.now()) };
    await this.units.run((unit) => overrideInUnit(unit, found, wish, said));
    return this.existing(id, caller);
  }

  /** A case that the caller may see; whether there is one that he may not see stays hidden. */
  private async existing(id: string, caller: Principal): Promise<QuarantineCase> {
    const found = z.guid().safeParse(id).success ? await findCase(this.database, id) : undefined;
    if (found === undefined || !maySeeUniverse(caller, found.finding.universeId)) {
      throw new InputError(`no value was set aside under ${id}`, { field: 'id' }, 'see `allostat quarantine list`');
    }
    return found;
  }
}
