import { createRng } from '@allostat/kernel';
import { returnPanel } from '../linalg/return-panel';
import { PortfolioMeasures } from './measure-portfolio';
import type { PortfolioLimits, PortfolioProblem } from './portfolio-problem';
import type { TaxLot } from './tax-lots';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A problem with random data and a random subset of all objectives and limits; some are infeasible. */
export function randomProblem(seed: number): PortfolioProblem {
  const rng = createRng(seed, 'portfolio-problem');
  const chance = (p: number): boolean => rng.uniform() < p;
  const weight = (): number => Math.pow(10, -1 + 2 * rng.uniform());
  const n = 2 + rng.integer(14);
  const periods = 40 + rng.integer(160);
  const assets = Array.from({ length: n }, (_, i) => `A${String(i).padStart(2, '0')}`);
  const scale = Math.pow(10, -3 + 2 * rng.uniform());
  const spread = assets.map(() => Math.exp(0.7 * rng.normal()));
  const values: number[] = [];
  for (let t = 0; t < periods; t++) {
    const market = rng.normal();
    for (let i = 0; i < n; i++)
      values.push(Math.max(-0.9, scale * spread[i] * (0.05 + 0.5 * market + 0.8 * rng.studentT(4))));
  }
  const returns = returnPanel(assets, values);
  const objective: Record<string, number> = {};
  const linearTerms = [
    'expectedReturn',
    'cvar',
    'cdar',
    'maximumDrawdown',
    'averageDrawdown',
    'meanAbsoluteDeviation',
    'shortfall',
  ];
  for (const term of [...linearTerms, 'volatility']) if (chance(0.2)) objective[term] = weight();
  if (chance(0.3)) objective.variance = weight() / scale;
  if (chance(0.15)) objective.trackingVariance = weight() / scale;
  if (chance(0.1)) objective.trackingError = weight();
  if (chance(0.15)) objective.distance = weight() * scale;
  if (chance(0.1)) objective.squaredDistance = weight() * scale;
  if (chance(0.3)) objective.tradingCost = weight();
  if (chance(0.15)) objective.tax = weight();
  const raw = assets.map(() => (chance(0.3) ? 0 : rng.uniform()));
  if (!raw.some((value) => value > 0)) raw[0] = 1;
  const sum = raw.reduce((a, b) => a + b, 0);
  const previousWeights = Float64Array.from(raw, (value) => value / sum);
  const short = chance(0.15);
  if (short) objective.borrowCost = 1;
  const equal = new Float64Array(n).fill(1 / n);
  const measures = new PortfolioMeasures({ assets, returns, objective: {} }, equal);
  const limits: Mutable<PortfolioLimits> = {
    default: { min: short ? -0.3 : 0, max: chance(0.5) ? Math.min(1, (1 + 2 * rng.uniform()) / n + 0.05) : 1 },
  };
  if (short && chance(0.7)) limits.maxLeverage = 1 + rng.uniform();
  if (chance(0.4)) {
    const group = { name: 'Front', assets: assets.slice(0, Math.max(1, n >> 1)), max: 0.3 + 0.6 * rng.uniform() };
    limits.groups = [chance(0.3) ? { ...group, min: 0.1 * rng.uniform() } : group];
    if (chance(0.4)) limits.linear = [`${assets[n - 1]} <= 0.8 * Front + 0.1`];
  }
  if (chance(0.4)) limits.maxTurnover = 0.05 + 0.6 * rng.uniform();
  if (chance(0.15)) limits.maxTrade = 0.1 + 0.4 * rng.uniform();
  const near = (value: number): number => Math.min(1, value * (0.75 + 0.6 * rng.uniform()));
  if (chance(0.15)) limits.maxCvar = near(measures.of('cvar'));
  if (chance(0.15)) limits.maxCdar = near(measures.of('cdar'));
  if (chance(0.15)) limits.maxMaximumDrawdown = near(measures.of('maximumDrawdown'));
  if (chance(0.15)) limits.maxVolatility = near(measures.of('volatility'));
  if (chance(0.15)) limits.maxAverageDrawdown = near(measures.of('averageDrawdown'));
  if (chance(0.15)) limits.maxShortfall = near(measures.of('shortfall'));
  if (chance(0.15)) limits.minExpectedReturn = measures.of('expectedReturn') * (1 + 0.3 * rng.normal());
  const lots = assets.flatMap((asset, i): TaxLot[] => {
    const gain = (): number => 0.5 * rng.uniform() - 0.2;
    if (previousWeights[i] === 0) return [];
    return [
      { asset, weight: previousWeights[i] * 0.4, gain: gain(), longTerm: true },
      { asset, weight: previousWeights[i] * 0.5, gain: gain(), longTerm: false },
    ];
  });
  const impact = chance(0.4) ? Float64Array.from(assets, () => scale * 0.5 * rng.uniform()) : undefined;
  return {
    assets,
    returns,
    objective,
    limits,
    previousWeights,
    reference: equal,
    costs: { linear: 0.1 * rng.uniform() * scale, ...(impact ? { impact } : {}) },
    borrowCosts: new Float64Array(n).fill(scale * 0.05),
    tax: { lots, shortTermRate: 0.3 * scale, longTermRate: 0.15 * scale, harvest: [assets[0]] },
  };
}
