import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import type { DomainEvent, UniverseVersioned } from '@allostat/pipeline';
import type { MessageContext } from '@allostat/platform';
import { decideSignalsInUnit } from './decide-signals-in-unit';

@Controller()
export class OnUniverseVersioned {
  @EventPattern('universe.version.v1')
  async handle(@Payload() event: UniverseVersioned, @Ctx() context: MessageContext<DomainEvent>): Promise<void> {
    await decideSignalsInUnit(event.universe.id, event, context);
  }
}
