import { Body, Controller, Get, HttpCode, Param, Post, UseFilters } from '@nestjs/common';
import { z } from 'zod';
import type { DomainEvent } from '@allostat/pipeline';
import { Caller, HttpErrorFilter, SchemaPipe, UnitRunner, type Principal } from '@allostat/platform';
import { CommandCauses } from '../command-cause';
import { maySee, requireSight } from '../identity/may-see';
import { ReviewNotFoundError } from '../review/review-not-found-error';
import { mandatesOf } from '../review/review.store';
import { requestInUnit } from './reconcile-in-unit';
import { readReconciliations, type ReconciliationView } from './reconciliation.store';

const requestBody = z.strictObject({ mandateId: z.string().min(1).exactOptional() });

/** Our book and the order system's, compared on request and every night. */
@Controller('reconciliations')
@UseFilters(HttpErrorFilter)
export class ReconciliationsController {
  constructor(
    private readonly units: UnitRunner<DomainEvent>,
    private readonly causes: CommandCauses,
  ) {}

  /** Comparisons of the two books that were asked for, newest first. */
  @Get()
  list(@Caller() { mandates }: Principal): Promise<ReconciliationView[]> {
    return this.units.run((unit) => readReconciliations(unit.manager, mandates ? { mandates } : {}));
  }

  /** One comparison, with its differences once the order system has reported its book. */
  @Get(':id')
  show(@Caller() caller: Principal, @Param('id') id: string): Promise<ReconciliationView> {
    return this.units.run(async (unit) => {
      const [found] = await readReconciliations(unit.manager, { ids: [id] });
      if (!found) throw new ReviewNotFoundError(id);
      requireSight(caller, found.mandateId, id);
      return found;
    });
  }

  /** Asks the order system for its book of one mandate, or of all that the caller sees. */
  @Post()
  @HttpCode(200)
  async request(
    @Caller() caller: Principal,
    @Body(new SchemaPipe(requestBody)) { mandateId }: z.infer<typeof requestBody>,
  ): Promise<ReconciliationView[]> {
    const known = await this.units.run((unit) => mandatesOf(unit.manager));
    const wanted = known.filter((id) => maySee(caller, id) && (mandateId === undefined || id === mandateId));
    if (mandateId !== undefined && wanted.length === 0) throw new ReviewNotFoundError(mandateId);
    const requests: ReconciliationView[] = [];
    for (const id of wanted) {
      const cause = this.causes.free(['reconciliation', id, caller.id, this.causes.now()]);
      requests.push(await this.units.run((unit) => requestInUnit(unit, id, caller.id, cause)));
    }
    return requests;
  }
}
