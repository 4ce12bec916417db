import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import type { DomainEvent, RegimeModelLoaded } from '@allostat/pipeline';
import { ArtefactStore, type MessageContext } from '@allostat/platform';
import { decideRegimeInUnit } from './decide-regime-in-unit';

/** Models of regime detection are named `regime:<universe>`. */
const MODEL_PREFIX = 'regime:';

@Controller()
export class OnModelPromoted {
  constructor(private readonly artefacts: ArtefactStore) {}

  @EventPattern('model.lifecycle.v1')
  async handle(@Payload() event: DomainEvent, @Ctx() context: MessageContext<DomainEvent>): Promise<void> {
    if (event.type !== 'ModelPromoted' || event.alias !== 'champion' || !event.model.startsWith(MODEL_PREFIX)) return;
    const universeId = event.model.slice(MODEL_PREFIX.length);
    const bytes = await this.artefacts.get(context.unit.manager, event.artefact);
    const model = JSON.parse(bytes.toString('utf8')) as RegimeModelLoaded['model'];
    await decideRegimeInUnit(
      universeId,
      { type: 'RegimeModelLoaded', universeId, version: event.version, model },
      context,
    );
  }
}
