import type { Construction, Mandate } from '../mandate/mandate';
import type { RiskBudgetSet } from '../risk-budgeting/events';
import type { RiskModel } from '../risk-budgeting/risk-model';
import type { Universe } from '../universe/universe';
import { fitLimits, type FittedWeights, type UnfittedWeights } from './fit-limits';
import { solveObjective, type SolvedObjective } from './solve-objective';

export interface FitFacts {
  readonly mandate: Mandate & { readonly construction: Construction };
  readonly budget: RiskBudgetSet;
  readonly universe: Universe;
  readonly model: RiskModel;
  readonly previous: ReadonlyMap<string, number>;
  /** Also says what pushes each weight; default false. */
  readonly forces?: boolean;
}

/** Weights within the limits, with the program of the objectives when there is one. */
export type FittedTarget = FittedWeights & { readonly solved?: SolvedObjective };

export type TargetFit = FittedTarget | UnfittedWeights;

/**
 * From a target to weights that meet the limits: one solve of the mandate's objectives around it, or the nearest weights when the mandate
 * has none. When the objectives cannot be solved the nearest weights stand in, and the certificate says why.
 */
export function fitTarget(facts: FitFacts, target: ReadonlyMap<string, number>): TargetFit {
  const { mandate, budget, universe, previous, forces = false } = facts;
  const priced = new Set(budget.prices.map(({ id }) => id));
  const { objective } = mandate.construction;
  if (objective === undefined) return fitLimits(target, mandate, { universe, previous, priced, forces });
  const solved = solveObjective({ ...facts, objective, target });
  if (solved.status === 'infeasible') return solved;
  if (solved.status === 'unavailable') {
    const nearest = fitLimits(target, mandate, { universe, previous, priced, forces });
    if (nearest.status === 'infeasible') return nearest;
    const method = `${nearest.certificate.method}, in the place of the objectives: ${solved.reason}`;
    return { ...nearest, certificate: { ...nearest.certificate, method } };
  }
  const { status, primalResidual, dualResidual, gap, iterations, solver } = solved.solution.certificate;
  return {
    status: 'fitted',
    weights: solved.weights,
    certificate: {
      method: `objectives in one solve, ${solver}`,
      status,
      primalResidual,
      dualResidual,
      gap,
      iterations,
    },
    shadowPrices: solved.solution.shadowPrices,
    solved,
  };
}
