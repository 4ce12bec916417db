import { Body, Controller, Get, Headers, HttpCode, Inject, Param, Post, Query, UseFilters } from '@nestjs/common';
import { InputError, toInstant, type Clock } from '@allostat/kernel';
import type { DomainEvent } from '@allostat/pipeline';
import { AUTHENTICATOR, callerWith, CLOCK, HttpErrorFilter, UnitRunner, type Authenticator } from '@allostat/platform';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { overrideInUnit } from './override-in-unit';
import { findCase, listCases, type QuarantineCase } from './quarantine.store';

/** Who may release and correct. Whoever does cannot sign proposals that rest on it. */
const OVERRIDING_ROLES = ['data', 'operator', 'risk'];

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
    @Inject(AUTHENTICATOR) private readonly authenticator: Authenticator,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  list(
    @Headers('authorization') token: string | undefined,
    @Query() given: Record<string, string>,
  ): Promise<QuarantineCase[]> {
    this.authenticator.authenticate(token);
    const { universe, series, severity, open, after } = parsed(query, given);
    return listCases(this.database, {
      ...(universe !== undefined && { universeId: universe }),
      ...(series !== undefined && { seriesId: series }),
      ...(severity !== undefined && { severity }),
      ...(after !== undefined && { after }),
      open: open === 'true',
    });
  }

  @Get(':id')
  show(@Headers('authorization') token: string | undefined, @Param('id') id: string): Promise<QuarantineCase> {
    this.authenticator.authenticate(token);
    return this.existing(id);
  }

  @Post(':id/decisions')
  @HttpCode(200)
  async decide(
    @Headers('authorization') token: string | undefined,
    @Param('id') id: string,
    @Body() body: unknown,
  ): Promise<QuarantineCase> {
    const { id: actor } = callerWith(this.authenticator, token, OVERRIDING_ROLES);
    const wish = parsed(order, body);
    const found = await this.existing(id);
    await this.units.run((unit) => overrideInUnit(unit, found, wish, { actor, at: toInstant(this.clock.now()) }));
    return this.existing(id);
  }

  private async existing(id: string): Promise<QuarantineCase> {
    const found = z.guid().safeParse(id).success ? await findCase(this.database, id) : undefined;
    if (found === undefined) {
      throw new InputError(`no value was set aside under ${id}`, { field: 'id' }, 'see `allostat quarantine list`');
    }
    return found;
  }
}

function parsed<T extends z.ZodType>(schema: T, given: unknown): z.infer<T> {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new InputError(`${issue.path.join('.') || 'request'}: ${issue.message}`, { field: issue.path.join('.') });
}
