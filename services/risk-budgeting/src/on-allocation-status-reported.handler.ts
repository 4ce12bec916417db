import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import type { AllocationStatusReported, BookReported, DomainEvent } from '@allostat/pipeline';
import { decideInUnit, type MessageContext } from '@allostat/platform';
import { RISK_BUDGET_STAGE } from './risk-stages';

@Controller()
export class OnAllocationStatusReported {
  @EventPattern('allocation.status.v1')
  async handle(
    @Payload() event: AllocationStatusReported | BookReported,
    @Ctx() context: MessageContext<DomainEvent>,
  ): Promise<void> {
    if (event.type === 'BookReported') return; // nothing that changes what is held
    await decideInUnit(RISK_BUDGET_STAGE, event.mandateId, event, context);
  }
}
