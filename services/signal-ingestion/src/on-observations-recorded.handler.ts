import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import type { DomainEvent, ObservationsRecorded } from '@allostat/pipeline';
import { decideInUnit, type MessageContext } from '@allostat/platform';
import { recordObservations } from './observation.store';
import { SIGNAL_STAGE } from './signal-stage';

@Controller()
export class OnObservationsRecorded {
  @EventPattern('market.observation.v1')
  async handle(@Payload() event: ObservationsRecorded, @Ctx() context: MessageContext<DomainEvent>): Promise<void> {
    await recordObservations(context.unit.manager, event.observations);
    await decideInUnit(SIGNAL_STAGE, event.universeId, event, context);
  }
}
