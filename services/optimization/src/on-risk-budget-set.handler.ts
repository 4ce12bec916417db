import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import type { EntityManager } from 'typeorm';
import type {
  DomainEvent,
  Mandate,
  OptimizationInput,
  ProposalSources,
  RiskBudgetSet,
  RiskModel,
} from '@allostat/pipeline';
import { ArtefactStore, decideInUnit, NotReadyError, type MessageContext } from '@allostat/platform';
import { OptimizationThreads } from './optimization-threads';
import { keepProposal } from './replay/proposal-source.store';
import { OPTIMIZATION_STAGE, UNIVERSES } from './optimization-stage';

@Controller()
export class OnRiskBudgetSet {
  constructor(
    private readonly artefacts: ArtefactStore,
    private readonly threads: OptimizationThreads,
  ) {}

  @EventPattern('risk.budget.v1')
  async handle(@Payload() budget: RiskBudgetSet, @Ctx() context: MessageContext<DomainEvent>): Promise<void> {
    if (budget.decisionDue === undefined) return;
    const { manager } = context.unit;
    const universe = await UNIVERSES.peek(context.unit, budget.universeId);
    if (!universe) throw new NotReadyError(`universe ${budget.universeId} is not known to optimization yet`);
    const bytes = await this.artefacts.get(manager, budget.riskModel);
    const riskModel = JSON.parse(bytes.toString('utf8')) as RiskModel;
    const stage: typeof OPTIMIZATION_STAGE = {
      ...OPTIMIZATION_STAGE,
      decide: async (event, state, at) => {
        const decision = await this.threads.decide(event, state, at);
        await this.keep(manager, decision.events, { budget, riskModel, universe, mandate: state.mandate });
        return decision;
      },
    };
    const event: OptimizationInput = { type: 'BudgetReceived', budget, riskModel, universe };
    await decideInUnit(stage, budget.mandateId, event, context);
  }

  private async keep(
    manager: EntityManager,
    events: readonly DomainEvent[],
    { mandate, ...sources }: Omit<ProposalSources, 'mandate'> & { readonly mandate: Mandate | undefined },
  ): Promise<void> {
    for (const event of events) {
      if (event.type !== 'AllocationProposed' || mandate === undefined) continue;
      await keepProposal(manager, this.artefacts, event, { ...sources, mandate });
    }
  }
}
