import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import type { DomainEvent, ObservationsRecorded } from '@allostat/pipeline';
import type { MessageContext } from '@allostat/platform';
import { decideSignalsInUnit } from './decide-signals-in-unit';
import { recordObservations } from './observation.store';

@Controller()
export class OnObservationsRecorded {
  @EventPattern('market.observation.v1')
  async handle(@Payload() event: ObservationsRecorded, @Ctx() context: MessageContext<DomainEvent>): Promise<void> {
    await recordObservations(context.unit.manager, event.observations);
    await decideSignalsInUnit(event.universeId, event, context);
  }
}
