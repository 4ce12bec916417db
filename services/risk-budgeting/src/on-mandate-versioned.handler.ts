import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import type { DomainEvent, MandateVersioned } from '@allostat/pipeline';
import { decideInUnit, type MessageContext } from '@allostat/platform';
import { MANDATES_OF_UNIVERSE, RISK_BUDGET_STAGE } from './risk-stages';

@Controller()
export class OnMandateVersioned {
  @EventPattern('mandate.version.v1')
  async handle(@Payload() event: MandateVersioned, @Ctx() context: MessageContext<DomainEvent>): Promise<void> {
    const { id, universeId } = event.mandate;
    const { unit } = context;
    const known = await MANDATES_OF_UNIVERSE.load(unit, universeId, () => ({ mandateIds: [] }));
    if (!known.mandateIds.includes(id)) {
      MANDATES_OF_UNIVERSE.save(unit, universeId, { mandateIds: [...known.mandateIds, id].sort() });
    }
    await decideInUnit(RISK_BUDGET_STAGE, id, event, context);
  }
}
