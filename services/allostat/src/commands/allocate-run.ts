import { InputError } from '@allostat/kernel';
import {
  coMovementDistance,
  denoisedCovariance,
  gerberCovariance,
  hierarchicalEqualRisk,
  hierarchicalRiskParity,
  highsSolver,
  ledoitWolfCovariance,
  maximizeRatio,
  measureBudgeting,
  nestedClusters,
  oasCovariance,
  optimizeCardinality,
  optimizePortfolio,
  portfolioReturns,
  portfolioVolatility,
  riskBudgeting,
  riskContributions,
  riskMeasureOf,
  sampleCovariance,
  schurComplementary,
  type AllocationConflict,
  type Allocated,
  type HighsModule,
  type AssetMatrix,
  type Objective,
  type PortfolioProblem,
  type PortfolioResult,
  type ReturnPanel,
  type RiskBudget,
  type WeightLimits,
} from '@allostat/quant';
import type { AllocateConfig } from './allocate-config';
import type { AllocateMethod } from './allocate-methods';

/** Certificate of a result; what a closed form does not have is null. */
export interface AllocateCertificate {
  readonly status: string;
  readonly primalResidual: number;
  readonly dualResidual: number | null;
  readonly gap: number | null;
  readonly iterations: number;
  readonly solver: string;
}

export type AllocateOutcome =
  | {
      readonly status: 'allocated';
      readonly assets: readonly string[];
      readonly weights: readonly number[];
      readonly risk: {
        readonly volatility: number;
        readonly cvar: number;
        readonly cdar: number;
        readonly maxDrawdown: number;
      };
      readonly riskContributions: readonly number[];
      readonly certificate: AllocateCertificate;
      readonly shadowPrices: readonly { readonly limit: string; readonly price: number }[];
    }
  | {
      readonly status: 'infeasible';
      readonly assets: readonly string[];
      readonly conflict: {
        readonly limits: readonly string[];
        readonly relaxation: readonly { readonly limit: string; readonly by: number }[];
      };
    };

interface Found {
  readonly weights: Float64Array;
  readonly certificate: AllocateCertificate;
  readonly shadowPrices: readonly { readonly limit: string; readonly price: number }[];
}

/** Runs one method on returns; throws `InputError` when the config asks for what the method cannot do. */
export async function runAllocate(
  panel: ReturnPanel,
  method: AllocateMethod,
  config: AllocateConfig,
): Promise<AllocateOutcome> {
  const covariance = covarianceOf(panel, config);
  const found = await allocate(panel, covariance, { method, config });
  if ('conflict' in found) return { status: 'infeasible', assets: panel.assets, conflict: found.conflict };
  const series = portfolioReturns(panel, found.weights);
  const confidence = config.confidence ?? 0.95;
  const carriesRisk = portfolioVolatility(found.weights, covariance) > 0;
  return {
    status: 'allocated',
    assets: panel.assets,
    weights: Array.from(found.weights),
    risk: {
      volatility: portfolioVolatility(found.weights, covariance),
      cvar: riskMeasureOf(series, 'cvar', { confidence }),
      cdar: riskMeasureOf(series, 'cdar', { confidence }),
      maxDrawdown: riskMeasureOf(series, 'maximum-drawdown'),
    },
    riskContributions: carriesRisk ? Array.from(riskContributions(found.weights, covariance).contributions) : [],
    certificate: found.certificate,
    shadowPrices: found.shadowPrices,
  };
}

type Conflict = Pick<Extract<AllocateOutcome, { status: 'infeasible' }>, 'conflict'>;

async function allocate(
  panel: ReturnPanel,
  covariance: AssetMatrix,
  { method, config }: { method: AllocateMethod; config: AllocateConfig },
): Promise<Found | Conflict> {
  switch (method) {
    case 'hrp':
      return ofTree(hierarchicalRiskParity(covariance, treeOptions(panel, config)), 'hierarchical risk parity');
    case 'herc':
      return ofTree(hierarchicalEqualRisk(covariance, treeOptions(panel, config)), 'hierarchical equal risk');
    case 'nco':
      return ofTree(nestedClusters(covariance, treeOptions(panel, config)), 'nested clusters');
    case 'schur': {
      const gamma = config.gamma === undefined ? {} : { gamma: config.gamma };
      return ofTree(schurComplementary(covariance, { ...treeOptions(panel, config), ...gamma }), 'schur complementary');
    }
    case 'erc':
      return ofTree(riskBudgeting(covariance, { limits: weightLimits(config) }), 'risk budgeting');
    case 'risk-budget':
      return riskBudget(panel, covariance, config);
    case 'max-ratio': {
      const risk = config.ratioRisk ?? 'volatility';
      const result = maximizeRatio(problemOf(panel, covariance, { config, objective: {} }), {
        risk,
        riskFree: config.riskFree ?? 0,
      });
      if (result.status === 'refused')
        throw new InputError(result.reason, { field: 'ratio' }, `the best excess return is ${result.bestExcess}`);
      return ofProgram(result);
    }
    case 'min-variance':
      return program(panel, covariance, { config, objective: { variance: 1 } });
    case 'min-cvar':
      return program(panel, covariance, { config, objective: { cvar: 1 } });
    case 'min-cdar':
      return program(panel, covariance, { config, objective: { cdar: 1 } });
    case 'min-max-drawdown':
      return program(panel, covariance, { config, objective: { maximumDrawdown: 1 } });
    case 'multi': {
      if (config.objective === undefined)
        throw new InputError('the method multi needs an objective in the config', { field: 'objective' });
      return program(panel, covariance, { config, objective: config.objective as Objective });
    }
  }
}

function covarianceOf(panel: ReturnPanel, { covariance = 'sample' }: AllocateConfig): AssetMatrix {
  switch (covariance) {
    case 'sample':
      return sampleCovariance(panel);
    case 'ledoit-wolf':
      return ledoitWolfCovariance(panel).covariance;
    case 'constant-correlation':
    case 'single-factor':
      return ledoitWolfCovariance(panel, { target: covariance }).covariance;
    case 'oas':
      return oasCovariance(panel).covariance;
    case 'gerber':
      return gerberCovariance(panel);
    case 'denoised':
      return denoisedCovariance(sampleCovariance(panel), { periods: panel.periods }).covariance;
  }
}

function treeOptions(panel: ReturnPanel, config: AllocateConfig): Parameters<typeof hierarchicalEqualRisk>[1] {
  const { linkageMethod, leafOrder, distanceOfDistances, riskMeasure, confidence, compounded, clusters, coMovement } =
    config;
  return {
    returns: panel,
    limits: weightLimits(config),
    ...(coMovement === undefined ? {} : { distances: coMovementDistance(panel, coMovement) }),
    ...defined({ linkageMethod, leafOrder, distanceOfDistances, riskMeasure, confidence, compounded, clusters }),
  };
}

/** The limits that methods without a program can hold; any other is refused rather than ignored. */
function weightLimits({ limits = {} }: AllocateConfig): WeightLimits {
  const { default: common, byAsset, groups, ...others } = limits;
  const [unheld] = Object.keys(others);
  if (unheld !== undefined) {
    throw new InputError(
      `this method cannot hold the limit ${unheld}`,
      { field: `limits.${unheld}` },
      'use --method multi, or leave the limit out',
    );
  }
  return defined({ default: common && defined(common), byAsset, groups }) as WeightLimits;
}

function riskBudget(panel: ReturnPanel, covariance: AssetMatrix, config: AllocateConfig): Found | Conflict {
  const budget: RiskBudget | undefined = config.groupBudget
    ? { byGroup: config.groupBudget }
    : config.budget && { byAsset: config.budget };
  if (budget === undefined)
    throw new InputError('the method risk-budget needs budget or groupBudget in the config', { field: 'budget' });
  const measures = {
    cvar: 'cvar',
    cdar: 'cdar',
    'maximum-drawdown': 'maximumDrawdown',
    'mean-absolute-deviation': 'meanAbsoluteDeviation',
  } as const;
  const measure = config.riskMeasure ?? 'variance';
  if (measure === 'variance' || measure === 'volatility') {
    return ofTree(riskBudgeting(covariance, { budget, limits: weightLimits(config) }), 'risk budgeting');
  }
  if (!(measure in measures))
    throw new InputError(
      `risk budgets cannot be held in ${measure}`,
      { field: 'riskMeasure' },
      'use variance, cvar, cdar, maximum-drawdown or mean-absolute-deviation',
    );
  if (config.limits !== undefined)
    throw new InputError(`risk budgets in ${measure} hold no limits`, { field: 'limits' }, 'use riskMeasure: variance');
  const result = measureBudgeting(panel, {
    measure: measures[measure as keyof typeof measures],
    budget,
    ...defined({ confidence: config.confidence }),
  });
  return { weights: result.weights, certificate: result.certificate, shadowPrices: [] };
}

function problemOf(
  panel: ReturnPanel,
  covariance: AssetMatrix,
  { config, objective }: { config: AllocateConfig; objective: Objective },
): PortfolioProblem {
  const vector = (values: Record<string, number> | undefined, field: string): Float64Array | undefined => {
    if (values === undefined) return undefined;
    const unknown = Object.keys(values).find((asset) => !panel.assets.includes(asset));
    if (unknown !== undefined) throw new InputError(`${field} names ${unknown}, which is not in the file`, { field });
    return Float64Array.from(panel.assets, (asset) => {
      const value = values[asset];
      // weights that are not named are not held; any other missing value is an error
      if (value === undefined && (field === 'previousWeights' || field === 'reference')) return 0;
      if (value === undefined) throw new InputError(`${field} has no value for ${asset}`, { field });
      return value;
    });
  };
  const { costs, liquidity, confidence } = config;
  const linear = costs?.linear;
  return defined({
    assets: panel.assets,
    returns: panel,
    covariance,
    objective,
    limits: config.limits && defined(config.limits),
    expectedReturns: vector(config.expectedReturns, 'expectedReturns'),
    previousWeights: vector(config.previousWeights, 'previousWeights'),
    reference: vector(config.reference, 'reference'),
    borrowCosts: vector(config.borrowCosts, 'borrowCosts'),
    costs:
      costs &&
      defined({
        linear: typeof linear === 'number' ? linear : vector(linear, 'costs.linear'),
        impact: vector(costs.impact, 'costs.impact'),
      }),
    liquidity: liquidity && {
      averageDailyValue: vector(liquidity.averageDailyValue, 'liquidity'),
      portfolioValue: liquidity.portfolioValue,
    },
    tax: config.tax,
    shortfallTarget: config.shortfallTarget,
    confidence: confidence === undefined ? undefined : { cvar: confidence, cdar: confidence },
  }) as unknown as PortfolioProblem;
}

async function program(
  panel: ReturnPanel,
  covariance: AssetMatrix,
  choice: { config: AllocateConfig; objective: Objective },
): Promise<Found | Conflict> {
  const problem = problemOf(panel, covariance, choice);
  const { cardinality, threshold } = choice.config.limits ?? {};
  if (cardinality === undefined && threshold === undefined) return ofProgram(optimizePortfolio(problem));
  // a CommonJS package: its one export is the loader, whatever the types make of a dynamic import
  const { default: loadHighs } = (await import('highs')) as unknown as { default: () => Promise<HighsModule> };
  return ofProgram(optimizeCardinality(problem, { solver: highsSolver(await loadHighs()) }));
}

function ofTree(result: Allocated | AllocationConflict, solver: string): Found | Conflict {
  if (result.status === 'infeasible') return { conflict: result.conflict };
  const certificate = {
    status: 'exact',
    primalResidual: result.violation,
    dualResidual: null,
    gap: null,
    iterations: 0,
    solver,
  };
  return { weights: result.weights, certificate, shadowPrices: [] };
}

function ofProgram(result: PortfolioResult): Found | Conflict {
  if (result.status === 'infeasible')
    return { conflict: { limits: result.conflict.limits, relaxation: result.conflict.relaxation } };
  if (result.status === 'failed') {
    throw new InputError(
      `no attempt found weights: ${result.attempts.map(({ method, detail }) => `${method}: ${detail}`).join('; ')}`,
      {},
      'check the scale of returns and limits',
      'SOLVER.NOT_CONVERGED',
    );
  }
  const { certificate } = result;
  const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
  return {
    weights: result.weights,
    certificate: { ...certificate, dualResidual: finite(certificate.dualResidual), gap: finite(certificate.gap) },
    shadowPrices: result.shadowPrices,
  };
}

/** The object without its undefined members. */
function defined<T extends object>(source: T): { [K in keyof T]-?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined)) as never;
}
