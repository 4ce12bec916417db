import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import type { DomainEvent, MandateVersioned } from '@allostat/pipeline';
import type { MessageContext } from '@allostat/platform';
import { governInUnit } from './govern-in-unit';

@Controller()
export class OnMandateVersioned {
  @EventPattern('mandate.version.v1')
  async handle(
    @Payload() event: MandateVersioned,
    @Ctx() { unit, envelope }: MessageContext<DomainEvent>,
  ): Promise<void> {
    await governInUnit(unit, event.mandate.id, event, envelope);
  }
}
