import { Controller, Get, Query, UseFilters } from '@nestjs/common';
import { z } from 'zod';
import type { DomainEvent } from '@allostat/pipeline';
import { Caller, HttpErrorFilter, SchemaPipe, UnitRunner, type Principal } from '@allostat/platform';
import { readInfeasible, type InfeasibleView } from './infeasible.store';

const listQuery = z.strictObject({
  mandateId: z.string().min(1).exactOptional(),
  standing: z.enum(['true', 'false']).default('false'),
});

/** Decisions that no weights could meet: what the reviewers have to choose instead. */
@Controller('infeasible')
@UseFilters(HttpErrorFilter)
export class InfeasibleController {
  constructor(private readonly units: UnitRunner<DomainEvent>) {}

  /** Decisions that the mandate's limits left no weights for, newest first (at most 200): the limits in conflict and the cheapest way out; `standing=true` for those that nothing has followed. */
  @Get()
  list(
    @Caller() { mandates }: Principal,
    @Query(new SchemaPipe(listQuery)) { standing, ...wanted }: z.infer<typeof listQuery>,
  ): Promise<InfeasibleView[]> {
    return this.units.run(({ manager }) =>
      readInfeasible(manager, { ...wanted, standing: standing === 'true', ...(mandates && { mandates }) }),
    );
  }
}
