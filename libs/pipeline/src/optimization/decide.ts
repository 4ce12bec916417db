import { assertNever, canonicalJson, deterministicId, invariant, sha256Hex } from '@allostat/kernel';
import { assetMatrix, portfolioVolatility, riskContributions } from '@allostat/quant';
import { boundsOf, brokenLimits } from '../mandate/broken-limits';
import type { Construction, Mandate, MandateVersioned } from '../mandate/mandate';
import { tradingCost } from '../mandate/trading-cost';
import type { RiskBudgetSet } from '../risk-budgeting/events';
import type { RiskModel } from '../risk-budgeting/risk-model';
import type { Decision } from '../stage';
import { unitPrice } from '../universe/foreign-level';
import type { Universe } from '../universe/universe';
import { brokenClaims, claimsOf } from './claims';
import { coreTarget, driversOf } from './core-target';
import type {
  AllocationInfeasible,
  AllocationProposed,
  AllocationUnchanged,
  Certificate,
  Explanation,
  WeightChange,
} from './events';
import { explainProposal } from './explain-proposal';
import { fitTarget } from './fit-target';
import { limitTurnover, turnoverOf } from './limit-turnover';
import { proposalFacts } from './proposal-facts';
import { roundWeights } from './round-weights';
import type { SolvedObjective } from './solve-objective';
import { targetWeights } from './target-weights';
import { objectiveGain, tradeGain } from './trade-gain';
import { wholeLots } from './whole-lots';

/** A budget with what it refers to: the covariance artefact and the universe's current version. */
export interface BudgetReceived {
  readonly type: 'BudgetReceived';
  readonly budget: RiskBudgetSet;
  readonly riskModel: RiskModel;
  readonly universe: Universe;
  /** False leaves the explanation out, for runs whose proposals nobody reads; default true. */
  readonly explain?: boolean;
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

function propose(received: BudgetReceived, mandate: Mandate): OptimizationOutput {
  const { budget, riskModel, universe } = received;
  const trigger = budget.decisionDue;
  invariant(trigger !== undefined, 'a proposal needs a decision that is due');
  const decision = { mandateId: budget.mandateId, asOf: budget.asOf, trigger };
  const previous = new Map(budget.holdings.map(({ id, weight }) => [id, weight]));
  const found = mandate.construction
    ? constructed({ ...mandate, construction: mandate.construction }, received, previous)
    : balanced(mandate, received, previous);
  if (found.status === 'infeasible') {
    const { conflict, relaxation } = found;
    return { type: 'AllocationInfeasible', ...decision, conflict, relaxation };
  }
  const { noTradeBand } = mandate.limits;
  if (found.wanted < noTradeBand) {
    return { type: 'AllocationUnchanged', ...decision, turnover: found.wanted, noTradeBand };
  }
  const gain = gainOf(mandate, found, { previous, riskModel });
  if (gain !== undefined) {
    const cost = universe.instruments.reduce((sum, { id }) => {
      const change = (found.weights.get(id) as number) - (previous.get(id) ?? 0); // not held
      return sum + tradingCost(id, change, mandate, universe);
    }, 0);
    if (gain < cost)
      return { type: 'AllocationUnchanged', ...decision, turnover: found.wanted, noTradeBand, gain, cost };
  }
  return proposal({ budget, riskModel, universe, mandate, previous, trigger, ...found });
}

/** What a trade is worth until the next regular decision; `undefined` when the mandate trades whatever it gains. */
function gainOf(
  { construction, rebalance }: Mandate,
  { weights, solved }: Found,
  { previous, riskModel }: { readonly previous: ReadonlyMap<string, number>; readonly riskModel: RiskModel },
): number | undefined {
  if (solved !== undefined) return objectiveGain(solved, weights);
  const riskAversion = construction?.riskAversion;
  return riskAversion === undefined
    ? undefined
    : tradeGain(riskAversion, rebalance, { previous, target: weights, model: riskModel });
}

interface Found {
  readonly status: 'found';
  readonly weights: ReadonlyMap<string, number>;
  /** One-way turnover before any cap on it. */
  readonly wanted: number;
  readonly certificate: Certificate;
  readonly explanation?: Explanation;
  readonly residuals?: AllocationProposed['residuals'];
  readonly solved?: SolvedObjective;
}

interface NotFound {
  readonly status: 'infeasible';
  readonly conflict: readonly string[];
  readonly relaxation: readonly { readonly limit: string; readonly by: number }[];
}

/** Core and exposure of the budget, tilted by signals, within the limits. */
function constructed(
  mandate: Mandate & { readonly construction: Construction },
  { budget, riskModel: model, universe, explain = true }: BudgetReceived,
  previous: ReadonlyMap<string, number>,
): Found | NotFound {
  if (budget.core === undefined) {
    return { status: 'infeasible', conflict: ['price of every instrument of the core'], relaxation: [] };
  }
  const on = new Set(driversOf(budget.core));
  const target = coreTarget(mandate, { weights: budget.core.weights, exposure: budget.core }, { universe, model, on });
  const fitted = fitTarget({ mandate, budget, universe, model, previous, forces: explain }, target);
  if (fitted.status === 'infeasible') return fitted;
  const whole = inLots(mandate, fitted.weights, { budget, previous });
  const weights = roundWeights(whole.weights);
  const broken = whole.residuals === undefined ? [] : brokenLimits(Object.fromEntries(weights), mandate, universe);
  if (broken.length > 0) {
    return { status: 'infeasible', conflict: ['whole lots', ...broken.map(limitOf)], relaxation: [] };
  }
  const facts = { mandate, budget, universe, model, previous, fitted, weights };
  return {
    status: 'found',
    weights,
    wanted: turnoverOf(previous, fitted.weights),
    certificate: fitted.certificate,
    ...(explain && { explanation: explainProposal(facts) }),
    ...(whole.residuals && { residuals: whole.residuals }),
    ...(fitted.solved && { solved: fitted.solved }),
  };
}

/** The weights themselves, or the nearest on the way to them that whole lots can make, when the mandate trades in lots. */
function inLots(
  { trading, cashInstrument, notional, ...mandate }: Mandate,
  weights: ReadonlyMap<string, number>,
  { budget, previous }: { readonly budget: RiskBudgetSet; readonly previous: ReadonlyMap<string, number> },
): Pick<Found, 'weights' | 'residuals'> {
  if (trading?.lots === undefined || cashInstrument === undefined) return { weights };
  return wholeLots(weights, {
    previous,
    lots: trading.lots,
    prices: new Map(budget.prices.map((price) => [price.id, unitPrice(price)])),
    value: notional * (budget.value ?? 1), // a budget without a value is of the start
    cash: cashInstrument,
    cashMin: boundsOf(cashInstrument, { ...mandate, notional, cashInstrument }).min,
  });
}

/** Name of the limit that a broken one's sentence is about. */
const limitOf = (text: string): string => text.slice(0, text.indexOf(':'));

/** Hierarchical risk parity over everything, as much of it as the volatility target allows. */
function balanced(
  mandate: Mandate,
  { budget, riskModel, universe }: BudgetReceived,
  previous: ReadonlyMap<string, number>,
): Found | NotFound {
  const target = targetWeights(mandate, universe, riskModel, budget.volatilityTarget);
  if (target.status === 'infeasible') return target;
  const { noTradeBand, maxTurnover } = mandate.limits;
  const wanted = turnoverOf(previous, target.weights);
  const weights = roundWeights(limitTurnover(previous, target.weights, maxTurnover));
  const broken = brokenLimits(Object.fromEntries(weights), mandate, universe);
  if (broken.length > 0 && wanted >= noTradeBand) {
    // only a cap on turnover can keep weights outside limits that the target itself meets
    return {
      status: 'infeasible',
      conflict: ['maximum turnover', ...broken.map(limitOf)],
      relaxation: maxTurnover === undefined ? [] : [{ limit: 'maximum turnover', by: wanted - maxTurnover }],
    };
  }
  return {
    status: 'found',
    weights,
    wanted,
    certificate: {
      method: 'hierarchical-risk-parity',
      status: 'feasible',
      primalResidual: target.violation,
      iterations: 1,
    },
  };
}

function proposal(facts: {
  readonly budget: RiskBudgetSet;
  readonly riskModel: RiskModel;
  readonly universe: Universe;
  readonly mandate: Mandate;
  readonly previous: ReadonlyMap<string, number>;
  readonly weights: ReadonlyMap<string, number>;
  readonly certificate: Certificate;
  readonly explanation?: Explanation;
  readonly residuals?: AllocationProposed['residuals'];
  readonly trigger: AllocationProposed['trigger'];
}): AllocationProposed {
  const { budget, riskModel, universe, mandate, previous, weights, certificate, explanation, residuals } = facts;
  const { volatility, shareOf } = riskOf(weights, riskModel);
  const before = riskOf(previous, riskModel).shareOf;
  const changes = universe.instruments.map(({ id }): WeightChange => {
    const previousWeight = previous.get(id) ?? 0; // not held
    const targetWeight = weights.get(id) as number;
    const share = shareOf.get(id);
    const previousShare = before.get(id);
    return {
      instrument: id,
      previousWeight,
      targetWeight,
      ...(share !== undefined && { riskContribution: share }),
      ...(previousShare !== undefined && { previousRiskContribution: previousShare }),
      cost: tradingCost(id, targetWeight - previousWeight, mandate, universe),
    };
  });
  const budgetHash = sha256Hex(canonicalJson(budget));
  const made: Omit<AllocationProposed, 'claims' | 'rationale'> = {
    type: 'AllocationProposed',
    proposalId: deterministicId('proposal', budget.mandateId, budget.asOf, budgetHash),
    mandateId: budget.mandateId,
    mandateVersion: mandate.version,
    asOf: budget.asOf,
    trigger: facts.trigger,
    regime: budget.regime,
    weights: changes,
    expectedVolatility: volatility,
    volatilityTarget: budget.volatilityTarget,
    turnover: turnoverOf(previous, weights),
    expectedCost: changes.reduce((sum, { cost }) => sum + cost, 0),
    certificate,
    ...(explanation && { explanation }),
    ...(budget.surrogate && { surrogate: budget.surrogate }),
    ...(residuals && { residuals }),
    inputs: {
      riskModel: budget.riskModel,
      budget: budgetHash,
      holdings: sha256Hex(canonicalJson(budget.holdings)),
      mandate: sha256Hex(canonicalJson(mandate)),
    },
    prices: budget.prices,
    ...(budget.dataOverriders !== undefined && { dataOverriders: budget.dataOverriders }),
    facts: proposalFacts(budget, weights, { model: riskModel, volatility }),
  };
  const claims = claimsOf(made, budget);
  const complete = { ...made, rationale: claims.map(({ text }) => text), claims };
  const broken = brokenClaims(complete);
  invariant(broken.length === 0, () => `the rationale of ${complete.proposalId} does not hold: ${broken.join('; ')}`);
  return complete;
}

/** Volatility of weights, and the share of its variance that each estimated instrument carries; a portfolio of cash carries none. */
function riskOf(
  weights: ReadonlyMap<string, number>,
  { assets, covariance }: RiskModel,
): { readonly volatility: number; readonly shareOf: ReadonlyMap<string, number> } {
  const matrix = assetMatrix(assets, covariance);
  const held = assets.map((id) => weights.get(id) ?? 0); // not held
  if (!(portfolioVolatility(held, matrix) > 0)) return { volatility: 0, shareOf: new Map() };
  const { volatility, contributions } = riskContributions(held, matrix);
  return { volatility, shareOf: new Map(assets.map((id, i) => [id, contributions[i]])) };
}
