import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import type { AllocationInfeasible, AllocationProposed, AllocationUnchanged, DomainEvent } from '@allostat/pipeline';
import { initialGovernanceState } from '@allostat/pipeline';
import { NotReadyError, type MessageContext } from '@allostat/platform';
import { PROPOSAL_ORIGINS } from './command-cause';
import { GOVERNANCE_STATES, governInUnit } from './govern-in-unit';
import { modelStandings } from './models/model-standing.store';
import { endDrillInUnit } from './oversight/drill-in-unit';

@Controller()
export class OnAllocationProposed {
  @EventPattern('allocation.proposal.v1')
  async handle(
    @Payload() event: AllocationProposed | AllocationUnchanged | AllocationInfeasible,
    @Ctx() { unit, envelope }: MessageContext<DomainEvent>,
  ): Promise<void> {
    const { mandate } = await GOVERNANCE_STATES.load(unit, event.mandateId, initialGovernanceState);
    if (!mandate) throw new NotReadyError(`mandate ${event.mandateId} is not known to governance yet`);
    if (event.type === 'AllocationProposed') {
      const [unknown] = (await modelStandings(unit, event.facts?.models ?? [])).filter(({ trainedTo }) => !trainedTo);
      // without its developers nobody could tell who must not sign
      if (unknown) throw new NotReadyError(`${unknown.name} ${unknown.version} is not known to governance yet`);
      await PROPOSAL_ORIGINS.load(unit, event.mandateId, () => ({}));
      PROPOSAL_ORIGINS.save(unit, event.mandateId, { envelope });
      await endDrillInUnit(unit, event.mandateId, 'supersede', envelope);
    }
    await governInUnit(unit, event.mandateId, event, envelope);
  }
}
