import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import type { DomainEvent, UniverseVersioned } from '@allostat/pipeline';
import type { MessageContext } from '@allostat/platform';
import { UNIVERSES } from './optimization-stage';

@Controller()
export class OnUniverseVersioned {
  @EventPattern('universe.version.v1')
  async handle(
    @Payload() { universe }: UniverseVersioned,
    @Ctx() { unit }: MessageContext<DomainEvent>,
  ): Promise<void> {
    await UNIVERSES.load(unit, universe.id, () => universe);
    UNIVERSES.save(unit, universe.id, universe);
  }
}
