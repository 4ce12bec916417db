import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { asksForRegimeRisk, type DomainEvent, type MandateVersioned } from '@allostat/pipeline';
import { decideInUnit, type MessageContext } from '@allostat/platform';
import { MANDATES_OF_UNIVERSE, RISK_BUDGET_STAGE } from './risk-stages';

@Controller()
export class OnMandateVersioned {
  @EventPattern('mandate.version.v1')
  async handle(@Payload() event: MandateVersioned, @Ctx() context: MessageContext<DomainEvent>): Promise<void> {
    const { id, universeId } = event.mandate;
    const { unit } = context;
    const known = await MANDATES_OF_UNIVERSE.load(unit, universeId, () => ({ mandateIds: [] }));
    const mandateIds = withOrWithout(known.mandateIds, id, true);
    const byRegime = withOrWithout(known.byRegime ?? [], id, asksForRegimeRisk(event.mandate)); // lists of before it have none
    MANDATES_OF_UNIVERSE.save(unit, universeId, { mandateIds, byRegime });
    await decideInUnit(RISK_BUDGET_STAGE, id, event, context);
  }
}

function withOrWithout(ids: readonly string[], id: string, listed: boolean): string[] {
  return [...ids.filter((other) => other !== id), ...(listed ? [id] : [])].sort();
}
