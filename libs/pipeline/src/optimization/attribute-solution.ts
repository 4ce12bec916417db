import type { ForceSource, ObjectiveTerm, PortfolioProblem, PortfolioSolution } from '@allostat/quant';
import type { SignalReturns } from './expected-returns';

/** Drivers of the objective's terms that the solver's multipliers speak of. */
const TERM_DRIVERS: Readonly<Partial<Record<ObjectiveTerm, string>>> = {
  volatility: 'risk',
  trackingError: 'risk',
  cvar: 'cvar',
  cdar: 'cdar',
  maximumDrawdown: 'maximum-drawdown',
  averageDrawdown: 'average-drawdown',
  shortfall: 'shortfall',
  tradingCost: 'cost',
  tax: 'tax',
};

/** One force that moves a solution away from its reference, as changes of weight. */
export interface SolutionPart {
  readonly driver: string;
  readonly changes: Float64Array;
}

/**
 * Splits solution less reference into the forces that balance in the solution. At the optimum the pull back to the reference,
 * 2 g (x - reference), equals the sum of what each term and each binding limit pushes: its gradient, and shadow price times gradient of the
 * limit. Where a term has no single gradient (scenarios that tie in a tail, a trade that cost or tax holds at zero) the solver's multipliers
 * say which of them balances the rest. Divided by 2 g and taken about its mean (the budget's own force), each force is a change of
 * weights; no order of switching things on enters. `limits` holds weights that nothing may move and a budget that differs from that of the
 * reference; what is left over is the solver's inaccuracy, `rounding`. Needs `squaredDistance` among the terms and a solution with forces.
 * The parts sum to solution less reference.
 */
export function attributeSolution(
  problem: PortfolioProblem,
  { weights: x, forces: solved }: Pick<PortfolioSolution, 'weights' | 'forces'>,
  returns?: SignalReturns,
): SolutionPart[] {
  const reference = problem.reference as Float64Array;
  const n = x.length;
  const change = x.map((value, i) => value - reference[i]);
  if (solved === undefined) return [{ driver: 'limits', changes: change }];
  const pull = 2 * (problem.objective.squaredDistance as number);
  const forces = new Map<string, Float64Array>();
  const add = (driver: string, force: (i: number) => number): void => {
    const own = forces.get(driver) ?? new Float64Array(n);
    for (let i = 0; i < n; i++) own[i] += force(i);
    forces.set(driver, own);
  };
  returnForces(problem, returns, add);
  riskForces(problem, x, add);
  for (const { source, values } of solved) add(driverOf(source), (i) => values[i]);
  const held = unmovable(problem);
  const all = Float64Array.from(change, (value, i) =>
    [...forces.values()].reduce((left, f) => left - f[i], pull * value),
  );
  const free = all.filter((_, i) => !held[i]);
  const budget = free.reduce((sum, value) => sum + value, 0) / Math.max(1, free.length);
  if (held.includes(true)) add('limits', (i) => (held[i] ? all[i] - budget : 0));

  const parts = [...forces].map(([driver, force]): SolutionPart => {
    const mean = force.reduce((sum, value) => sum + value, 0) / n;
    return { driver, changes: force.map((value) => (value - mean) / pull) };
  });
  const difference = change.reduce((sum, value) => sum + value, 0) / n;
  const rest = change.map((value, i) => parts.reduce((left, { changes }) => left - changes[i], value));
  if (Math.abs(difference) < ROUNDING) return [...parts, { driver: 'rounding', changes: rest }];
  const limits = parts.find(({ driver }) => driver === 'limits');
  return [
    ...parts.filter(({ driver }) => driver !== 'limits'),
    {
      driver: 'limits',
      // without other limits that bind, the difference is all that they do
      changes: Float64Array.from(rest, (_, i) => (limits === undefined ? difference : difference + limits.changes[i])),
    },
    { driver: 'rounding', changes: rest.map((value) => value - difference) },
  ];
}

/** Budgets that differ by less do so by rounding. */
const ROUNDING = 1e-9;

function driverOf(source: ForceSource): string {
  return source.kind === 'limit' ? `limit:${source.name}` : (TERM_DRIVERS[source.term] ?? source.term);
}

/** Weights whose bounds leave no room. */
function unmovable({ assets, limits }: PortfolioProblem): boolean[] {
  return assets.map((asset) => {
    const { min, max } = limits?.byAsset?.[asset] ?? {};
    return min !== undefined && max !== undefined && max - min <= 1e-11;
  });
}

type Add = (driver: string, force: (i: number) => number) => void;

function returnForces({ objective }: PortfolioProblem, returns: SignalReturns | undefined, add: Add): void {
  const { expectedReturn } = objective;
  if (expectedReturn === undefined || returns === undefined) return;
  add('expected-return', (i) => expectedReturn * returns.prior[i]);
  for (const { signal, change } of returns.parts) add(`signal:${signal}`, (i) => expectedReturn * change[i]);
}

/** Gradients of the variances; those of risks that the program measures by variables of their own come from the solver. */
function riskForces({ objective, covariance, reference }: PortfolioProblem, x: Float64Array, add: Add): void {
  if (covariance === undefined) return;
  const { values } = covariance;
  const n = x.length;
  const product = (w: ArrayLike<number>, i: number): number => {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += values[i * n + j] * w[j];
    return sum;
  };
  const { variance, trackingVariance } = objective;
  if (variance !== undefined) add('risk', (i) => -2 * variance * product(x, i));
  if (trackingVariance !== undefined && reference !== undefined) {
    const gap = x.map((value, i) => value - reference[i]);
    add('risk', (i) => -2 * trackingVariance * product(gap, i));
  }
}
