import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import type { DomainEvent, OptimizationInput, RiskBudgetSet, RiskModel } from '@allostat/pipeline';
import { ArtefactStore, decideInUnit, NotReadyError, type MessageContext } from '@allostat/platform';
import { OptimizationThreads } from './optimization-threads';
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
    const stage = { ...OPTIMIZATION_STAGE, decide: this.threads.decide.bind(this.threads) };
    const event: OptimizationInput = { type: 'BudgetReceived', budget, riskModel, universe };
    await decideInUnit(stage, budget.mandateId, event, context);
  }
}
