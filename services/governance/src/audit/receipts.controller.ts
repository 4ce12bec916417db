import { Controller, Get, Param, UseFilters } from '@nestjs/common';
import type { DecisionReceipt, DomainEvent } from '@allostat/pipeline';
import { AuditNotFoundError, Caller, HttpErrorFilter, UnitRunner, type Principal } from '@allostat/platform';
import { requireSight } from '../identity/may-see';
import { ReviewNotFoundError } from '../review/review-not-found-error';
import { findReview } from '../review/review.store';
import { buildReceipt } from './build-receipt';

/** Receipts of decisions, beside the routes that every audit log has. */
@Controller('audit')
@UseFilters(HttpErrorFilter)
export class ReceiptsController {
  constructor(private readonly units: UnitRunner<DomainEvent>) {}

  /** Everything about one decision, to be verified without access to this service. */
  @Get('receipts/:proposalId')
  async receipt(@Caller() caller: Principal, @Param('proposalId') proposalId: string): Promise<DecisionReceipt> {
    const receipt = await this.units.run(async (unit) => {
      const review = await findReview(unit.manager, proposalId);
      // what is not there, what the caller may not see and a drill that runs are answered alike
      if (!review) throw new ReviewNotFoundError(proposalId);
      requireSight(caller, review.mandateId, proposalId);
      return buildReceipt(unit.manager, proposalId);
    });
    if (receipt) return receipt;
    throw new AuditNotFoundError(`no proposal with the id ${proposalId} is covered by a checkpoint`);
  }
}
