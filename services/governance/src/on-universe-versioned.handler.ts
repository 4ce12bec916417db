import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import type { DomainEvent, Universe, UniverseVersioned } from '@allostat/pipeline';
import { AggregateStore, type MessageContext } from '@allostat/platform';

/** Current version of each universe: an override is checked against its instruments. */
export const UNIVERSES = new AggregateStore<Universe>({ name: 'universe' });

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
