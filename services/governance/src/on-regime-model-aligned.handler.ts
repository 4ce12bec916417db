import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import type { AuditRecord, DomainEvent, RegimeForecastsScored, RegimeModelAligned } from '@allostat/pipeline';
import type { MessageContext } from '@allostat/platform';
import { recordOutputs } from './govern-in-unit';

/** Puts on record what a refit did to the states and names of a regime model. */
@Controller()
export class OnRegimeModelAligned {
  @EventPattern('regime.score.v1')
  async handle(
    @Payload() event: RegimeModelAligned | RegimeForecastsScored,
    @Ctx() context: MessageContext<DomainEvent>,
  ): Promise<void> {
    if (event.type !== 'RegimeModelAligned') return;
    const { type: _type, at, ...body } = event;
    const record: AuditRecord = {
      type: 'AuditRecord',
      at,
      actor: 'service:regime-detection',
      action: 'model.aligned',
      subject: `universe:${event.universeId}`,
      body,
    };
    recordOutputs(context.unit, [record], context.envelope);
  }
}
