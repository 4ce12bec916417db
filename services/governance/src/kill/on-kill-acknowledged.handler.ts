import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import type { AuditRecord, DomainEvent, KillAcknowledged, KillSwitchEngaged } from '@allostat/pipeline';
import type { MessageContext } from '@allostat/platform';
import { recordOutputs } from '../govern-in-unit';

/** Puts on record what the order system counted when a stop reached it. */
@Controller()
export class OnKillAcknowledged {
  @EventPattern('control.killswitch.v1')
  async handle(
    @Payload() event: KillAcknowledged | KillSwitchEngaged,
    @Ctx() { unit, envelope }: MessageContext<DomainEvent>,
  ): Promise<void> {
    if (event.type !== 'KillAcknowledged') return;
    const { type: _type, ...body } = event;
    const record: AuditRecord = {
      type: 'AuditRecord',
      at: event.at,
      actor: 'order-system',
      action: 'kill.acknowledged',
      subject: `kill:${event.scope}`,
      body,
    };
    recordOutputs(unit, [record], envelope);
  }
}
