import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import type { AuditRecord, DomainEvent, ObservationOverridden } from '@allostat/pipeline';
import type { MessageContext } from '@allostat/platform';
import { recordOutputs } from './govern-in-unit';

/** Puts on record who released or corrected a value that had been set aside, and why. */
@Controller()
export class OnObservationOverridden {
  @EventPattern('market.override.v1')
  async handle(@Payload() event: ObservationOverridden, @Ctx() context: MessageContext<DomainEvent>): Promise<void> {
    const { type: _type, by, at, ...body } = event;
    const record: AuditRecord = {
      type: 'AuditRecord',
      at,
      actor: by,
      action: `data.${event.action === 'release' ? 'released' : 'corrected'}`,
      subject: `universe:${event.universeId}`,
      body,
    };
    recordOutputs(context.unit, [record], context.envelope);
  }
}
