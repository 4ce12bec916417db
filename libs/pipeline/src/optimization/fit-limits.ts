import { optimizePortfolio, type PortfolioProblem, type PortfolioSolution } from '@allostat/quant';
import { boundsOf, brokenLimits } from '../mandate/broken-limits';
import type { Mandate } from '../mandate/mandate';
import type { Universe } from '../universe/universe';
import type { Certificate } from './events';

export interface FittedWeights {
  readonly status: 'fitted';
  /** For every instrument of the universe; sums to 1. */
  readonly weights: ReadonlyMap<string, number>;
  readonly certificate: Certificate;
  /** What relaxing a binding limit would bring, in units of the objective. */
  readonly shadowPrices: readonly { readonly limit: string; readonly price: number }[];
  /** The program that the weights solve; absent when the target meets every limit itself. */
  readonly problem?: PortfolioProblem;
  readonly solution?: PortfolioSolution;
}

export interface UnfittedWeights {
  readonly status: 'infeasible';
  readonly conflict: readonly string[];
  readonly relaxation: readonly { readonly limit: string; readonly by: number }[];
}

/**
 * The weights nearest to a target (least squares) that meet the limits of the mandate on instruments, classes and turnover;
 * the target itself when it meets them. Instruments without a price keep what is held of them.
 */
export function fitLimits(
  target: ReadonlyMap<string, number>,
  mandate: Mandate,
  {
    universe,
    previous,
    priced,
    forces = false,
  }: {
    readonly universe: Universe;
    readonly previous: ReadonlyMap<string, number>;
    readonly priced: ReadonlySet<string>;
    /** Also says what pushes each weight. */
    readonly forces?: boolean;
  },
): FittedWeights | UnfittedWeights {
  const { maxTurnover } = mandate.limits;
  const assets = universe.instruments.map(({ id }) => id);
  const held = (id: string): number => previous.get(id) ?? 0; // not held
  const wanted = Float64Array.from(assets, (id) => target.get(id) as number);
  const turnover = assets.reduce((sum, id, i) => sum + Math.abs(wanted[i] - held(id)), 0) / 2;
  const stuck = assets.filter((id, i) => !priced.has(id) && wanted[i] !== held(id));
  const met =
    stuck.length === 0 &&
    (maxTurnover === undefined || turnover <= maxTurnover) &&
    brokenLimits(Object.fromEntries(target), mandate, universe).length === 0;
  if (met) {
    return {
      status: 'fitted',
      weights: target,
      certificate: {
        method: 'core and exposure',
        status: 'optimal',
        primalResidual: 0,
        dualResidual: 0,
        gap: 0,
        iterations: 0,
      },
      shadowPrices: [],
    };
  }
  const byAsset = Object.fromEntries(
    assets.map((id) => [id, priced.has(id) ? boundsOf(id, mandate) : { min: held(id), max: held(id) }]),
  );
  const groups = Object.entries(mandate.limits.byAssetClass ?? {}).flatMap(([name, range]) => {
    const members = universe.instruments.filter(({ assetClass }) => assetClass === name).map(({ id }) => id);
    return members.length === 0 ? [] : [{ name, ...range, assets: members }];
  });
  const problem: PortfolioProblem = {
    assets,
    objective: { squaredDistance: 1 },
    reference: wanted,
    previousWeights: Float64Array.from(assets, held),
    expectedReturns: new Float64Array(assets.length),
    limits: { byAsset, groups, ...(maxTurnover !== undefined && { maxTurnover }) },
  };
  const result = optimizePortfolio(problem, { forces });
  if (result.status === 'infeasible') {
    return { status: 'infeasible', conflict: result.conflict.limits, relaxation: result.conflict.relaxation };
  }
  if (result.status === 'failed') {
    return {
      status: 'infeasible',
      conflict: result.attempts.map(({ method, detail }) => `${method}: ${detail}`),
      relaxation: [],
    };
  }
  return {
    status: 'fitted',
    weights: new Map(result.assets.map((id, i) => [id, Math.max(0, result.weights[i])])),
    certificate: certificateOf(result),
    shadowPrices: result.shadowPrices,
    problem,
    solution: result,
  };
}

function certificateOf({ certificate }: PortfolioSolution): Certificate {
  const { status, primalResidual, dualResidual, gap, iterations, solver } = certificate;
  return { method: `nearest to the target, ${solver}`, status, primalResidual, dualResidual, gap, iterations };
}
