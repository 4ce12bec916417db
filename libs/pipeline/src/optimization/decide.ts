import { assertNever, canonicalJson, deterministicId, invariant, sha256Hex } from '@allostat/kernel';
import { assetMatrix, riskContributions } from '@allostat/quant';
import { brokenLimits } from '../mandate/broken-limits';
import type { Mandate, MandateVersioned } from '../mandate/mandate';
import { tradingCost } from '../mandate/trading-cost';
import type { RiskBudgetSet } from '../risk-budgeting/events';
import type { RiskModel } from '../risk-budgeting/risk-model';
import type { Decision } from '../stage';
import type { Universe } from '../universe/universe';
import type { AllocationInfeasible, AllocationProposed, AllocationUnchanged, WeightChange } from './events';
import { limitTurnover, turnoverOf } from './limit-turnover';
import { rationale } from './rationale';
import { roundWeights } from './round-weights';
import { targetWeights, type TargetWeights } from './target-weights';

/** A budget with what it refers to: the covariance artefact and the universe's current version. */
export interface BudgetReceived {
  readonly type: 'BudgetReceived';
  readonly budget: RiskBudgetSet;
  readonly riskModel: RiskModel;
  readonly universe: Universe;
}

export type OptimizationInput = MandateVersioned | BudgetReceived;
export type OptimizationOutput = AllocationProposed | AllocationUnchanged | AllocationInfeasible;

/** What optimization remembers of a mandate. */
export interface OptimizationState {
  readonly mandate?: Mandate;
}

export function initialOptimizationState(): OptimizationState {
  return {};
}

/** Proposes weights when the budget says that a decision is due; says so when there is nothing to do or nothing possible. */
export function decideOptimization(
  event: OptimizationInput,
  state: OptimizationState,
): Decision<OptimizationState, OptimizationOutput> {
  switch (event.type) {
    case 'MandateVersioned':
      return { state: { ...state, mandate: event.mandate }, events: [] };
    case 'BudgetReceived': {
      const { mandate } = state;
      invariant(mandate, `mandate ${event.budget.mandateId} is not known to optimization`);
      return { state, events: event.budget.decisionDue === undefined ? [] : [propose(event, mandate)] };
    }
    default:
      return assertNever(event);
  }
}

function propose({ budget, riskModel, universe }: BudgetReceived, mandate: Mandate): OptimizationOutput {
  const { mandateId, asOf } = budget;
  const trigger = budget.decisionDue;
  invariant(trigger !== undefined, 'a proposal needs a decision that is due');
  const decision = { mandateId, asOf, trigger };
  const target = targetWeights(mandate, universe, riskModel, budget.volatilityTarget);
  if (target.status === 'infeasible') {
    const { conflict, relaxation } = target;
    return { type: 'AllocationInfeasible', ...decision, conflict, relaxation };
  }
  const previous = new Map(budget.holdings.map(({ id, weight }) => [id, weight]));
  const wanted = turnoverOf(previous, target.weights);
  const { noTradeBand, maxTurnover } = mandate.limits;
  if (wanted < noTradeBand) {
    return { type: 'AllocationUnchanged', ...decision, turnover: wanted, noTradeBand };
  }
  const weights = roundWeights(limitTurnover(previous, target.weights, maxTurnover));
  const broken = brokenLimits(Object.fromEntries(weights), mandate, universe);
  if (broken.length > 0) {
    // only a cap on turnover can keep weights outside limits that the target itself meets
    return {
      type: 'AllocationInfeasible',
      ...decision,
      conflict: ['maximum turnover', ...broken.map((text) => text.slice(0, text.indexOf(':')))],
      relaxation: maxTurnover === undefined ? [] : [{ limit: 'maximum turnover', by: wanted - maxTurnover }],
    };
  }
  return proposal({ budget, riskModel, universe, mandate, target, previous, weights, trigger });
}

function proposal(facts: {
  readonly budget: RiskBudgetSet;
  readonly riskModel: RiskModel;
  readonly universe: Universe;
  readonly mandate: Mandate;
  readonly target: TargetWeights;
  readonly previous: ReadonlyMap<string, number>;
  readonly weights: ReadonlyMap<string, number>;
  readonly trigger: AllocationProposed['trigger'];
}): AllocationProposed {
  const { budget, riskModel, universe, mandate, target, previous, weights } = facts;
  const covariance = assetMatrix(riskModel.assets, riskModel.covariance);
  const risk = riskContributions(
    covariance.assets.map((id) => weights.get(id) as number),
    covariance,
  );
  const shareOf = new Map(covariance.assets.map((id, i) => [id, risk.contributions[i]]));
  const changes = universe.instruments.map(({ id }): WeightChange => {
    const previousWeight = previous.get(id) ?? 0; // not held
    const targetWeight = weights.get(id) as number;
    const share = shareOf.get(id);
    return {
      instrument: id,
      previousWeight,
      targetWeight,
      ...(share !== undefined && { riskContribution: share }),
      cost: tradingCost(id, targetWeight - previousWeight, mandate, universe),
    };
  });
  const expectedCost = changes.reduce((sum, { cost }) => sum + cost, 0);
  const turnover = turnoverOf(previous, weights);
  const budgetHash = sha256Hex(canonicalJson(budget));
  return {
    type: 'AllocationProposed',
    proposalId: deterministicId('proposal', budget.mandateId, budget.asOf, budgetHash),
    mandateId: budget.mandateId,
    mandateVersion: mandate.version,
    asOf: budget.asOf,
    trigger: facts.trigger,
    regime: budget.regime,
    weights: changes,
    expectedVolatility: risk.volatility,
    volatilityTarget: budget.volatilityTarget,
    turnover,
    expectedCost,
    certificate: {
      method: 'hierarchical-risk-parity',
      status: 'feasible',
      primalResidual: target.violation,
      iterations: 1,
    },
    rationale: rationale(budget, changes, {
      expectedVolatility: risk.volatility,
      invested: target.invested,
      turnover,
      cost: expectedCost,
      ...(mandate.cashInstrument !== undefined && { cash: mandate.cashInstrument }),
    }),
    inputs: {
      riskModel: budget.riskModel,
      budget: budgetHash,
      holdings: sha256Hex(canonicalJson(budget.holdings)),
      mandate: sha256Hex(canonicalJson(mandate)),
    },
    prices: budget.prices,
  };
}
