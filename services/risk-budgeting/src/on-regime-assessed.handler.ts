import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import {
  decideRegimeClusters,
  decideRiskModel,
  initialRiskModelState,
  type DomainEvent,
  type RegimeAssessed,
} from '@allostat/pipeline';
import { ArtefactStore, decideInUnit, type MessageContext } from '@allostat/platform';
import { keepScenarios } from './keep-scenarios';
import { MANDATES_OF_UNIVERSE, recordingStage, RISK_MODEL_STATES } from './risk-stages';

@Controller()
export class OnRegimeAssessed {
  constructor(private readonly artefacts: ArtefactStore) {}

  /** One covariance for the universe, then one budget for each of its mandates. */
  @EventPattern('regime.assessment.v1')
  async handle(@Payload() event: RegimeAssessed, @Ctx() context: MessageContext<DomainEvent>): Promise<void> {
    const { unit, envelope } = context;
    const { universeId } = event;
    const before = await RISK_MODEL_STATES.load(unit, universeId, initialRiskModelState);
    const { mandateIds, byRegime = [] } = await MANDATES_OF_UNIVERSE.load(unit, universeId, () => ({ mandateIds: [] }));
    const asked = byRegime.length > 0;
    const known = await keepScenarios(unit, event, before, asked);
    const { state, estimate } = decideRiskModel(event, known, { byRegime: asked });
    const clusters = decideRegimeClusters(event, state, before.clusters);
    RISK_MODEL_STATES.save(unit, universeId, { ...state, clusters: clusters.state });
    unit.publish(clusters.events, envelope);
    if (!estimate) return;
    await this.artefacts.put(unit.manager, Buffer.from(estimate.text), 'application/json');
    unit.publish([estimate.event], envelope);
    for (const mandateId of mandateIds) {
      const bar = {
        type: 'BarForMandate',
        assessed: event,
        riskModel: estimate.event.covariance,
        model: estimate.model,
      } as const;
      await decideInUnit(recordingStage(unit, mandateId), mandateId, bar, context);
    }
  }
}
