import { AggregateStore, type UnitOfWork, type UnitStage } from '@allostat/platform';
import {
  decideRiskBudget,
  hasDecisionsToSettle,
  initialRiskBudgetState,
  settleDecisions,
  type DomainEvent,
  type ExposureRecord,
  type RiskBudgetInput,
  type RiskBudgetState,
  type RiskModelState,
} from '@allostat/pipeline';

/** The budget of a mandate, kept under the mandate's id. */
export const RISK_BUDGET_STAGE: UnitStage<RiskBudgetState, RiskBudgetInput, DomainEvent> = {
  states: new AggregateStore<RiskBudgetState>({ name: 'budget' }),
  initial: initialRiskBudgetState,
  decide: decideRiskBudget,
};

/** Past decisions of a mandate, kept under its id and touched once a month. */
const EXPOSURE_RECORDS = new AggregateStore<ExposureRecord>({ name: 'exposure-record' });

/** The stage of one mandate that also keeps its record. */
export function recordingStage(unit: UnitOfWork<DomainEvent>, mandateId: string): typeof RISK_BUDGET_STAGE {
  return {
    ...RISK_BUDGET_STAGE,
    decide: async (event, before) => {
      const { state, events } = decideRiskBudget(event, before);
      if (!hasDecisionsToSettle(state)) return { state, events };
      const settled = settleDecisions(state, await EXPOSURE_RECORDS.load(unit, mandateId, () => ({})));
      EXPOSURE_RECORDS.save(unit, mandateId, settled.record);
      return { state: settled.state, events };
    },
  };
}

/** The covariance of a universe, kept under the universe's id. */
export const RISK_MODEL_STATES = new AggregateStore<RiskModelState>({ name: 'risk-model' });

/** Which mandates hold a universe, in order of their ids. */
export interface MandatesOfUniverse {
  readonly mandateIds: readonly string[];
  /** Those that ask for risk by regime. */
  readonly byRegime?: readonly string[];
}

export const MANDATES_OF_UNIVERSE = new AggregateStore<MandatesOfUniverse>({ name: 'mandates-of-universe' });
