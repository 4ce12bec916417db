import { InputError, invariant } from '@allostat/kernel';
import {
  checkFactorCovariance,
  denseCovariance,
  factorProduct,
  reorderFactorCovariance,
} from '../linalg/factor-covariance';
import { canonicalOrder, checkAssetNames, reorderAssets, type AssetMatrix } from '../linalg/asset-matrix';
import { multiply } from '../linalg/products';
import { reorderPanel, type ReturnPanel } from '../linalg/return-panel';
import { sampleCovariance } from '../moments/sample-covariance';
import { objectiveTerms, type PortfolioProblem } from './portfolio-problem';

/** A problem with its assets in canonical order, and the way back. */
export interface CanonicalProblem {
  readonly problem: PortfolioProblem;
  readonly order: Int32Array;
}

/** Checks a problem and sorts its assets by name; throws `InputError` that names what is wrong. */
export function canonicalProblem(problem: PortfolioProblem): CanonicalProblem {
  const { assets, returns, covariance, factorCovariance } = problem;
  checkAssetNames(assets);
  const n = assets.length;
  for (const [name, list] of [
    ['returns', returns?.assets],
    ['covariance', covariance?.assets],
    ['factorCovariance', factorCovariance?.assets],
  ] as const) {
    if (list && (list.length !== n || list.some((asset, i) => asset !== assets[i]))) {
      throw new InputError(`${name} must have the assets of the problem in the same order`, { field: name });
    }
  }
  const order = canonicalOrder(assets);
  const move = (values: Float64Array): Float64Array => Float64Array.from(order, (i) => values[i]);
  const moved: Record<string, unknown> = {};
  for (const name of ['expectedReturns', 'previousWeights', 'reference', 'borrowCosts'] as const) {
    const values = problem[name];
    if (values === undefined) continue;
    checkVector(name, values, assets);
    moved[name] = move(values);
  }
  for (const [term, weight] of Object.entries(problem.objective)) {
    if (!(objectiveTerms as readonly string[]).includes(term)) {
      throw new InputError(`unknown objective ${term}`, { field: term }, `known are ${objectiveTerms.join(', ')}`);
    }
    if (!(weight >= 0 && weight < Infinity)) {
      throw new InputError(`the weight of ${term} is ${weight}; it must be >= 0`, { field: term });
    }
  }
  if (problem.costs) {
    const { linear, impact } = problem.costs;
    for (const [name, values] of [
      ['costs.linear', linear],
      ['costs.impact', impact],
    ] as const) {
      if (values instanceof Float64Array) checkVector(name, values, assets);
    }
    moved.costs = {
      ...(linear === undefined ? {} : { linear: typeof linear === 'number' ? linear : move(linear) }),
      ...(impact === undefined ? {} : { impact: move(impact) }),
    };
  }
  if (problem.liquidity) {
    checkVector('liquidity.averageDailyValue', problem.liquidity.averageDailyValue, assets);
    moved.liquidity = { ...problem.liquidity, averageDailyValue: move(problem.liquidity.averageDailyValue) };
  }
  if (returns) moved.returns = reorderPanel(returns, order);
  if (covariance) moved.covariance = reorderAssets(covariance, order);
  if (factorCovariance) {
    if (covariance) {
      throw new InputError('covariance and factorCovariance are both given', { field: 'factorCovariance' }, 'give one');
    }
    checkFactorCovariance(factorCovariance);
    moved.factorCovariance = reorderFactorCovariance(factorCovariance, order);
  }
  // the mean of the scenarios is read several times: once is enough
  if (returns && problem.expectedReturns === undefined && problem.objective.expectedReturn) {
    moved.expectedReturns = move(scenarioMeansOf(problem));
  }
  if (problem.scenarioWeights) {
    invariant(returns !== undefined, 'scenario weights need returns');
    checkScenarioWeights(problem.scenarioWeights, returns.periods);
  }
  return { problem: { ...problem, ...moved, assets: Array.from(order, (i) => assets[i]) }, order };
}

/** The scenarios of a problem; throws `InputError` when it has none. */
export function scenariosOf({ returns }: PortfolioProblem, what: string): ReturnPanel {
  if (returns === undefined) throw new InputError(`${what} needs returns`, { field: 'returns' });
  return returns;
}

export function covarianceOf(problem: PortfolioProblem): AssetMatrix {
  if (problem.factorCovariance) return denseCovariance(problem.factorCovariance);
  return problem.covariance ?? sampleCovariance(scenariosOf(problem, 'a covariance'));
}

/** Covariance times weights, without making the matrix where factors are given. */
export function covarianceProduct(problem: PortfolioProblem, w: Float64Array): Float64Array {
  if (problem.factorCovariance) return factorProduct(problem.factorCovariance, w);
  return multiply(covarianceOf(problem).values, w, w.length);
}

/** Expected returns: given, or the mean of the scenarios under their probabilities. */
export function meansOf(problem: PortfolioProblem): Float64Array {
  return problem.expectedReturns ?? scenarioMeansOf(problem);
}

/** Mean of the scenarios under their probabilities. */
export function scenarioMeansOf(problem: PortfolioProblem): Float64Array {
  const panel = scenariosOf(problem, 'an expected return');
  const p = probabilitiesOf(problem, panel.periods);
  const n = panel.assets.length;
  const mean = new Float64Array(n);
  for (let t = 0; t < panel.periods; t++) for (let i = 0; i < n; i++) mean[i] += p[t] * panel.values[t * n + i];
  return mean;
}

export function probabilitiesOf({ scenarioWeights }: PortfolioProblem, periods: number): Float64Array {
  return scenarioWeights ?? new Float64Array(periods).fill(1 / periods);
}

/** Weights that a term needs; throws `InputError` when they are missing. */
export function requireWeights(values: Float64Array | undefined, field: string, what: string): Float64Array {
  if (values === undefined) throw new InputError(`${what} needs ${field}`, { field });
  return values;
}

function checkVector(name: string, values: Float64Array, assets: readonly string[]): void {
  if (values.length !== assets.length) {
    throw new InputError(`${name} has ${values.length} values for ${assets.length} assets`, { field: name });
  }
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw new InputError(`${name} of ${assets[bad]} is ${values[bad]}; it must be finite`, { field: name });
}

function checkScenarioWeights(weights: Float64Array, periods: number): void {
  const sum = weights.reduce((a, b) => a + b, 0);
  if (weights.length !== periods || weights.some((w) => !(w >= 0)) || Math.abs(sum - 1) > 1e-9) {
    throw new InputError(
      `scenario weights must be ${periods} numbers >= 0 that sum to 1, got ${weights.length} with sum ${sum}`,
      { field: 'scenarioWeights' },
    );
  }
}
