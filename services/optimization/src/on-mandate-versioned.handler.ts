import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import type { DomainEvent, MandateVersioned } from '@allostat/pipeline';
import { decideInUnit, type MessageContext } from '@allostat/platform';
import { OPTIMIZATION_STAGE } from './optimization-stage';

@Controller()
export class OnMandateVersioned {
  @EventPattern('mandate.version.v1')
  async handle(@Payload() event: MandateVersioned, @Ctx() context: MessageContext<DomainEvent>): Promise<void> {
    await decideInUnit(OPTIMIZATION_STAGE, event.mandate.id, event, context);
  }
}
