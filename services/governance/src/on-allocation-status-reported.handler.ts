import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import type { AllocationStatusReported, DomainEvent } from '@allostat/pipeline';
import type { MessageContext } from '@allostat/platform';
import { governInUnit } from './govern-in-unit';

@Controller()
export class OnAllocationStatusReported {
  @EventPattern('allocation.status.v1')
  async handle(
    @Payload() event: AllocationStatusReported,
    @Ctx() { unit, envelope }: MessageContext<DomainEvent>,
  ): Promise<void> {
    await governInUnit(unit, event.mandateId, event, envelope);
  }
}
