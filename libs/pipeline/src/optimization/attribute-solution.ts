import { limitStatements, taxedLots, type PortfolioProblem, type PortfolioSolution } from '@allostat/quant';
import type { SignalReturns } from './expected-returns';

/** A trade smaller than this was not made: its cost or tax held it back. */
const TRADE_MIN = 1e-9;

const SCENARIO_TERMS = ['cvar', 'cdar', 'maximumDrawdown', 'averageDrawdown', 'shortfall'] as const;

/** One force that moves a solution away from its reference, as changes of weight. */
export interface SolutionPart {
  readonly driver: string;
  readonly changes: Float64Array;
}

/**
 * Splits solution less reference into the forces that balance in the solution. At the optimum the pull back to the reference,
 * 2 g (x - reference), equals the sum of what each term and each binding limit pushes: its gradient, and shadow price times gradient of the
 * limit. Divided by 2 g and taken about its mean (the budget's own force), each force is a change of weights; no order of switching
 * things on enters. What has no single gradient at the solution is what is left over: a trade that cost or tax holds at zero, and the
 * scenarios of tail terms. Needs `squaredDistance` among the terms. The parts sum to solution less reference.
 */
export function attributeSolution(
  problem: PortfolioProblem,
  { weights: x, shadowPrices }: Pick<PortfolioSolution, 'weights' | 'shadowPrices'>,
  returns?: SignalReturns,
): SolutionPart[] {
  const { objective, assets } = problem;
  const n = assets.length;
  const reference = problem.reference as Float64Array;
  const pull = 2 * (objective.squaredDistance as number);
  const forces = new Map<string, Float64Array>();
  const add = (driver: string, force: (i: number) => number): void => {
    const own = forces.get(driver) ?? new Float64Array(n);
    for (let i = 0; i < n; i++) own[i] += force(i);
    forces.set(driver, own);
  };
  returnForces(problem, returns, add);
  riskForces(problem, x, add);
  costForces(problem, x, add);
  const shared = limitForces(problem, x, { shadowPrices, add });

  const parts = [...forces].map(([driver, force]): SolutionPart => {
    const mean = force.reduce((sum, value) => sum + value, 0) / n;
    return { driver, changes: force.map((value) => (value - mean) / pull) };
  });
  const rest = x.map((value, i) => parts.reduce((left, { changes }) => left - changes[i], value - reference[i]));
  const scenarios = SCENARIO_TERMS.some((term) => objective[term] !== undefined);
  const named = (i: number): string => {
    const binding = shared.find(({ binds }) => binds(i));
    if (scenarios) return 'scenarios';
    if (binding) return `limit:${binding.name}`;
    const untraded = Math.abs(x[i] - (problem.previousWeights?.[i] ?? NaN)) < TRADE_MIN;
    if (untraded && objective.tradingCost !== undefined) return 'cost';
    return untraded && objective.tax !== undefined ? 'tax' : 'limits';
  };
  const left = new Map<string, Float64Array>();
  rest.forEach((value, i) => {
    const driver = named(i);
    const own = left.get(driver) ?? new Float64Array(n);
    own[i] = value;
    left.set(driver, own);
  });
  for (const [driver, changes] of left) {
    const known = parts.findIndex((part) => part.driver === driver);
    if (known < 0) parts.push({ driver, changes });
    else parts[known] = { driver, changes: changes.map((value, i) => value + parts[known].changes[i]) };
  }
  return parts;
}

type Add = (driver: string, force: (i: number) => number) => void;

function returnForces({ objective }: PortfolioProblem, returns: SignalReturns | undefined, add: Add): void {
  const { expectedReturn } = objective;
  if (expectedReturn === undefined || returns === undefined) return;
  add('expected-return', (i) => expectedReturn * returns.prior[i]);
  for (const { signal, change } of returns.parts) add(`signal:${signal}`, (i) => expectedReturn * change[i]);
}

function riskForces({ objective, covariance, reference }: PortfolioProblem, x: Float64Array, add: Add): void {
  if (covariance === undefined) return;
  const { values } = covariance;
  const n = x.length;
  const product = (w: ArrayLike<number>, i: number): number => {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += values[i * n + j] * w[j];
    return sum;
  };
  const { variance, volatility, trackingVariance } = objective;
  if (variance !== undefined) add('risk', (i) => -2 * variance * product(x, i));
  if (volatility !== undefined) {
    const size = Math.sqrt(x.reduce((sum, value, i) => sum + value * product(x, i), 0));
    if (size > 0) add('risk', (i) => (-volatility * product(x, i)) / size);
  }
  if (trackingVariance !== undefined && reference !== undefined) {
    const gap = x.map((value, i) => value - reference[i]);
    add('risk', (i) => -2 * trackingVariance * product(gap, i));
  }
}

function costForces(
  { objective, costs, previousWeights, tax, assets }: PortfolioProblem,
  x: Float64Array,
  add: Add,
): void {
  if (previousWeights === undefined) return;
  const trade = (i: number): number => x[i] - previousWeights[i];
  const { tradingCost, tax: taxed } = objective;
  if (tradingCost !== undefined) {
    const { linear, impact } = costs ?? {};
    add('cost', (i) => {
      const size = Math.abs(trade(i));
      if (size < TRADE_MIN) return 0; // what holds it there is left over
      const rate = typeof linear === 'number' ? linear : (linear?.[i] ?? 0);
      return -tradingCost * Math.sign(trade(i)) * (rate + 1.5 * (impact?.[i] ?? 0) * Math.sqrt(size));
    });
  }
  if (taxed !== undefined && tax !== undefined) {
    add('tax', (i) => taxed * marginalTax(tax, assets[i], -trade(i)));
  }
}

/** Tax on the next unit sold when `sold` already is; 0 when nothing is sold, or a lot ends just there. */
function marginalTax(tax: NonNullable<PortfolioProblem['tax']>, asset: string, sold: number): number {
  if (sold < TRADE_MIN) return 0;
  const queue = taxedLots(tax.lots, tax).find((lots) => lots.asset === asset)?.lots;
  let before = 0;
  for (const { weight, rate } of queue ?? []) {
    if (sold < before + weight - TRADE_MIN) return rate;
    before += weight;
  }
  return 0;
}

interface SharedLimit {
  readonly name: string;
  /** True where the limit binds an asset. */
  binds(i: number): boolean;
}

/** Forces of the limits that bind; those that speak of many assets with one price are returned, and take what is left over. */
function limitForces(
  problem: PortfolioProblem,
  x: Float64Array,
  { shadowPrices, add }: { shadowPrices: PortfolioSolution['shadowPrices']; add: Add },
): SharedLimit[] {
  const priceOf = new Map(shadowPrices.map(({ limit, price }) => [limit, price]));
  const shared: SharedLimit[] = [];
  for (const statement of limitStatements(problem)) {
    const price = priceOf.get(statement.name);
    if (price === undefined) continue;
    const driver = `limit:${statement.name}`;
    if (statement.kind === 'bounds' && statement.rows.length === 1) {
      const [{ index, sign }] = statement.rows;
      add(driver, (i) => (i === index ? sign * price : 0));
    } else if (statement.kind === 'linear') {
      add(driver, (i) => price * statement.weights[i]);
    } else if (statement.kind === 'total' && statement.term === 'turnover') {
      const previous = problem.previousWeights as Float64Array;
      const side = (i: number): number =>
        Math.abs(x[i] - previous[i]) < TRADE_MIN ? 0 : Math.sign(x[i] - previous[i]);
      add(driver, (i) => -0.5 * price * side(i));
      shared.push({ name: statement.name, binds: (i) => side(i) === 0 });
    } else if (statement.kind === 'bounds') {
      const binds = (i: number): boolean =>
        statement.rows.some(({ index, sign, bound }) => index === i && Math.abs(sign * x[i] - bound) < 1e-7);
      shared.push({ name: statement.name, binds });
    } else {
      shared.push({ name: statement.name, binds: () => true });
    }
  }
  return shared;
}
