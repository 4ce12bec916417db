import { Controller, Get, Param, UseFilters } from '@nestjs/common';
import type { DomainEvent, ModelReceipt } from '@allostat/pipeline';
import { AuditNotFoundError, HttpErrorFilter, UnitRunner } from '@allostat/platform';
import { buildModelReceipt } from './build-model-receipt';

/** Receipts of changes in the registry, beside the routes that every audit log has. */
@Controller('audit')
@UseFilters(HttpErrorFilter)
export class ModelReceiptsController {
  constructor(private readonly units: UnitRunner<DomainEvent>) {}

  /** Everything about one change of an alias, to be verified without access to this service. */
  @Get('model-receipts/:changeId')
  async receipt(@Param('changeId') changeId: string): Promise<ModelReceipt> {
    const receipt = await this.units.run((unit) => buildModelReceipt(unit.manager, changeId));
    if (receipt) return receipt;
    throw new AuditNotFoundError(`no change with the id ${changeId} is covered by a checkpoint`);
  }
}
