import { AggregateStore, type UnitStage } from '@allostat/platform';
import {
  decideRiskBudget,
  initialRiskBudgetState,
  type DomainEvent,
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

/** The covariance of a universe, kept under the universe's id. */
export const RISK_MODEL_STATES = new AggregateStore<RiskModelState>({ name: 'risk-model' });

/** Which mandates hold a universe, in order of their ids. */
export interface MandatesOfUniverse {
  readonly mandateIds: readonly string[];
  /** Those that ask for risk by regime. */
  readonly byRegime?: readonly string[];
}

export const MANDATES_OF_UNIVERSE = new AggregateStore<MandatesOfUniverse>({ name: 'mandates-of-universe' });
