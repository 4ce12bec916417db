import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import type { DomainEvent, SignalSnapshotPublished } from '@allostat/pipeline';
import { NotReadyError, type MessageContext } from '@allostat/platform';
import { decideRegimeInUnit } from './decide-regime-in-unit';

@Controller()
export class OnSignalSnapshotPublished {
  @EventPattern('signal.snapshot.v1')
  async handle(@Payload() event: SignalSnapshotPublished, @Ctx() context: MessageContext<DomainEvent>): Promise<void> {
    try {
      await decideRegimeInUnit(event.universeId, event, context);
    } catch (error) {
      // the champion may still be on its way: wait for it rather than give the snapshot up
      if ((error as { code?: string }).code === 'REGIME.NO_MODEL') throw new NotReadyError((error as Error).message);
      throw error;
    }
  }
}
