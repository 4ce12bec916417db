import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import type { DomainEvent, UniverseVersioned } from '@allostat/pipeline';
import { decideInUnit, type MessageContext } from '@allostat/platform';
import { SIGNAL_STAGE } from './signal-stage';

@Controller()
export class OnUniverseVersioned {
  @EventPattern('universe.version.v1')
  async handle(@Payload() event: UniverseVersioned, @Ctx() context: MessageContext<DomainEvent>): Promise<void> {
    await decideInUnit(SIGNAL_STAGE, event.universe.id, event, context);
  }
}
