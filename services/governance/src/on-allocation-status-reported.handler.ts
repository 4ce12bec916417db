import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import type { AllocationStatusReported, BookReported, DomainEvent } from '@allostat/pipeline';
import type { MessageContext } from '@allostat/platform';
import { governInUnit } from './govern-in-unit';
import { reportedInUnit } from './reconciliation/reconcile-in-unit';

@Controller()
export class OnAllocationStatusReported {
  @EventPattern('allocation.status.v1')
  async handle(
    @Payload() event: AllocationStatusReported | BookReported,
    @Ctx() { unit, envelope }: MessageContext<DomainEvent>,
  ): Promise<void> {
    if (event.type === 'BookReported') return reportedInUnit(unit, event, envelope);
    await governInUnit(unit, event.mandateId, event, envelope);
  }
}
