import { assertNever, invariant, type ArtefactHash, type IsoDate } from '@allostat/kernel';
import type { Mandate, MandateVersioned } from '../mandate/mandate';
import type { AllocationStatusReported } from '../optimization/events';
import type { RegimeAssessed } from '../regime-detection/events';
import type { Decision } from '../stage';
import { decisionDue } from './decision-due';
import type { RiskBudgetSet } from './events';
import { advancePath, applyStatus, drawdownOf, settlePending, startPath, type PortfolioPath } from './portfolio-path';
import { volatilityTarget } from './volatility-target';

/** One bar of a universe with its risk model, as it concerns one mandate. */
export interface BarForMandate {
  readonly type: 'BarForMandate';
  readonly assessed: RegimeAssessed;
  readonly riskModel: ArtefactHash;
}

export type RiskBudgetInput = MandateVersioned | AllocationStatusReported | BarForMandate;

/** What risk budgeting remembers of a mandate. */
export interface RiskBudgetState {
  readonly mandate?: Mandate;
  readonly path?: PortfolioPath;
  readonly previousDate?: IsoDate;
  readonly previousRegime?: string;
  readonly previousBudgetUsed?: number;
  readonly previousTarget?: number;
}

export function initialRiskBudgetState(): RiskBudgetState {
  return {};
}

/** What risk budgeting makes of one event about one mandate. */
export function decideRiskBudget(
  event: RiskBudgetInput,
  state: RiskBudgetState,
): Decision<RiskBudgetState, RiskBudgetSet> {
  switch (event.type) {
    case 'MandateVersioned':
      return {
        state: { ...state, mandate: event.mandate, path: state.path ?? startPath(event.mandate.anchorWeights) },
        events: [],
      };
    case 'AllocationStatusReported':
      return { state: state.path ? { ...state, path: applyStatus(state.path, event) } : state, events: [] };
    case 'BarForMandate':
      return setBudget(event, state);
    default:
      return assertNever(event);
  }
}

function setBudget(
  { assessed, riskModel }: BarForMandate,
  state: RiskBudgetState,
): Decision<RiskBudgetState, RiskBudgetSet> {
  const { mandate, path: before } = state;
  invariant(mandate && before, 'a budget needs the mandate first');
  const { asOf, bar, regime, instruments, universeId } = assessed;
  const closes = new Map(instruments.flatMap(({ id, close }) => (close === undefined ? [] : [[id, close] as const])));
  const path = advancePath(before, asOf, closes);
  const drawdown = drawdownOf(path);
  const budgetUsed = drawdown / mandate.risk.drawdownBudget;
  const { target, forecast, causes } = volatilityTarget(mandate, assessed, budgetUsed, state.previousTarget);
  const due = decisionDue(mandate, state, { asOf, regime, budgetUsed });
  return {
    state: {
      mandate,
      path: settlePending(path),
      previousDate: asOf,
      previousRegime: regime,
      previousBudgetUsed: budgetUsed,
      previousTarget: target,
    },
    events: [
      {
        type: 'RiskBudgetSet',
        mandateId: mandate.id,
        mandateVersion: mandate.version,
        universeId,
        asOf,
        bar,
        regime,
        forecast,
        volatilityTarget: target,
        drawdown,
        drawdownBudgetUsed: budgetUsed,
        causes,
        riskModel,
        ...(due !== undefined && { decisionDue: due }),
        prices: [...closes].map(([id, close]) => ({ id, close })),
        holdings: path.holdings,
      },
    ],
  };
}
