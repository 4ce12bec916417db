import { InputError } from '@allostat/kernel';
import type { WeightRange } from '../allocation/weight-limits';
import { readLinearLimit } from './linear-words';
import type { PortfolioLimits, PortfolioProblem } from './portfolio-problem';
import { taxedLots } from './tax-lots';

/** Risks that stand in the program as a variable bounded from below. */
export type RiskTerm =
  | 'volatility'
  | 'cvar'
  | 'cdar'
  | 'maximumDrawdown'
  | 'averageDrawdown'
  | 'meanAbsoluteDeviation'
  | 'shortfall'
  | 'trackingError'
  | 'floor';

/** Sums over pieces of weights: trades, long and short legs, distance to the reference. */
export type TotalTerm = 'turnover' | 'activeShare' | 'leverage' | 'short';

/** One statement of the person who set the limits; all its rows stand, fall and are relaxed together. */
export type LimitStatement = {
  readonly name: string;
  /** Nobody set it (weights lie in 0..1 when nothing else is said): never relaxed, never blamed. */
  readonly implicit?: true;
} & (
  | {
      readonly kind: 'bounds';
      readonly rows: readonly { readonly index: number; readonly sign: 1 | -1; readonly bound: number }[];
    }
  | { readonly kind: 'linear'; readonly weights: Float64Array; readonly bound: number }
  | { readonly kind: 'return'; readonly bound: number }
  | { readonly kind: 'risk'; readonly term: RiskTerm; readonly bound: number }
  | { readonly kind: 'total'; readonly term: TotalTerm; readonly bound: number }
);

const risks: readonly [keyof PortfolioLimits, RiskTerm, string][] = [
  ['maxVolatility', 'volatility', 'maximum volatility'],
  ['maxCvar', 'cvar', 'maximum CVaR'],
  ['maxCdar', 'cdar', 'maximum CDaR'],
  ['maxMaximumDrawdown', 'maximumDrawdown', 'maximum drawdown'],
  ['maxAverageDrawdown', 'averageDrawdown', 'maximum average drawdown'],
  ['maxMeanAbsoluteDeviation', 'meanAbsoluteDeviation', 'maximum mean absolute deviation'],
  ['maxShortfall', 'shortfall', 'maximum shortfall'],
  ['maxTrackingError', 'trackingError', 'maximum tracking error'],
];

const totals: readonly [keyof PortfolioLimits, TotalTerm, string][] = [
  ['maxTurnover', 'turnover', 'maximum turnover'],
  ['maxActiveShare', 'activeShare', 'maximum active share'],
  ['maxLeverage', 'leverage', 'maximum leverage'],
  ['maxShort', 'short', 'maximum short'],
];

/** All limits of a problem, checked and named; throws `InputError` on an unknown asset, a range turned round or a percentage. */
export function limitStatements(problem: PortfolioProblem): readonly LimitStatement[] {
  const limits = problem.limits ?? {};
  const out: LimitStatement[] = [...weightStatements(limits, problem.assets), ...tradeStatements(problem, limits)];
  out.push(...lockouts(problem));
  const groups = new Map((limits.groups ?? []).map((group) => [group.name, group.assets]));
  for (const text of limits.linear ?? []) {
    for (const { name, weights, bound } of readLinearLimit(text, { assets: problem.assets, groups })) {
      out.push({ name, kind: 'linear', weights, bound });
    }
  }
  if (limits.minExpectedReturn !== undefined) {
    out.push({
      name: 'minimum expected return',
      kind: 'return',
      bound: finite('minExpectedReturn', limits.minExpectedReturn),
    });
  }
  for (const [key, term, name] of risks) {
    const bound = limits[key] as number | undefined;
    if (bound !== undefined) out.push({ name, kind: 'risk', term, bound: notNegative(key, bound, 1) });
  }
  for (const [key, term, name] of totals) {
    const bound = limits[key] as number | undefined;
    if (bound !== undefined) out.push({ name, kind: 'total', term, bound: notNegative(key, bound) });
  }
  if (limits.floor !== undefined) {
    const { return: level, probability } = limits.floor;
    if (!(probability > 0 && probability < 0.5)) {
      throw new InputError(`the floor may be missed with probability ${probability}; it must lie in 0..0.5`, {
        field: 'floor',
      });
    }
    out.push({ name: 'capital floor', kind: 'risk', term: 'floor', bound: -finite('floor', level) });
  }
  return out;
}

/** Least and greatest weight of each asset over all bounds. */
export function boundsOf(statements: readonly LimitStatement[], n: number): { low: Float64Array; high: Float64Array } {
  const low = new Float64Array(n).fill(-Infinity);
  const high = new Float64Array(n).fill(Infinity);
  for (const statement of statements) {
    if (statement.kind !== 'bounds') continue;
    for (const { index, sign, bound } of statement.rows) {
      if (sign === 1) low[index] = Math.max(low[index], bound);
      else high[index] = Math.min(high[index], -bound);
    }
  }
  return { low, high };
}

function weightStatements(limits: PortfolioLimits, assets: readonly string[]): LimitStatement[] {
  const position = new Map(assets.map((asset, i) => [asset, i]));
  const own = { min: new Map<number, number>(), max: new Map<number, number>() };
  const out: LimitStatement[] = [];
  checkRange('default', limits.default ?? {});
  for (const [asset, range] of Object.entries(limits.byAsset ?? {})) {
    const i = position.get(asset);
    if (i === undefined)
      throw new InputError(`weight limits name ${asset}, which is not in the universe`, { field: asset });
    checkRange(asset, range);
    if (range.min !== undefined) {
      own.min.set(i, range.min);
      out.push({ name: `minimum weight of ${asset}`, kind: 'bounds', rows: [{ index: i, sign: 1, bound: range.min }] });
    }
    if (range.max !== undefined) {
      own.max.set(i, range.max);
      out.push({
        name: `maximum weight of ${asset}`,
        kind: 'bounds',
        rows: [{ index: i, sign: -1, bound: -range.max }],
      });
    }
  }
  const rest = (
    taken: ReadonlyMap<number, number>,
    sign: 1 | -1,
    bound: number,
  ): { index: number; sign: 1 | -1; bound: number }[] =>
    assets.flatMap((_, index) => (taken.has(index) ? [] : [{ index, sign, bound }]));
  const least = limits.default?.min;
  const most = limits.default?.max;
  out.push({
    name: 'minimum weight',
    kind: 'bounds',
    rows: rest(own.min, 1, least ?? 0),
    ...(least === undefined ? { implicit: true as const } : {}),
  });
  out.push({
    name: 'maximum weight',
    kind: 'bounds',
    rows: rest(own.max, -1, -(most ?? 1)),
    ...(most === undefined ? { implicit: true as const } : {}),
  });
  for (const group of limits.groups ?? []) {
    checkRange(`group ${group.name}`, group);
    const weights = new Float64Array(assets.length);
    for (const asset of group.assets) {
      const i = position.get(asset);
      if (i === undefined)
        throw new InputError(`group ${group.name} names ${asset}, which is not in the universe`, { field: asset });
      weights[i] = 1;
    }
    if (group.min !== undefined)
      out.push({ name: `minimum of group ${group.name}`, kind: 'linear', weights, bound: group.min });
    if (group.max !== undefined) {
      out.push({
        name: `maximum of group ${group.name}`,
        kind: 'linear',
        weights: weights.map((v) => -v),
        bound: -group.max,
      });
    }
  }
  return out.filter((statement) => statement.kind !== 'bounds' || statement.rows.length > 0);
}

function tradeStatements(
  { assets, previousWeights, liquidity }: PortfolioProblem,
  limits: PortfolioLimits,
): LimitStatement[] {
  const out: LimitStatement[] = [];
  const window = (name: string, width: (i: number) => number): void => {
    if (previousWeights === undefined) {
      throw new InputError(`${name} needs the previous weights`, { field: 'previousWeights' });
    }
    const rows = assets.flatMap((_, index) => [
      { index, sign: 1 as const, bound: previousWeights[index] - width(index) },
      { index, sign: -1 as const, bound: -previousWeights[index] - width(index) },
    ]);
    out.push({ name, kind: 'bounds', rows });
  };
  const { maxTrade, maxParticipation } = limits;
  if (maxTrade !== undefined) {
    notNegative('maxTrade', maxTrade);
    window('maximum trade', () => maxTrade);
  }
  if (maxParticipation !== undefined) {
    notNegative('maxParticipation', maxParticipation);
    if (liquidity === undefined) throw new InputError('maxParticipation needs liquidity', { field: 'liquidity' });
    window(
      'maximum participation',
      (i) => (maxParticipation * liquidity.averageDailyValue[i]) / liquidity.portfolioValue,
    );
  }
  return out;
}

/** An asset whose loss is harvested may not be bought: the sale would be a wash sale. */
function lockouts({ assets, tax, previousWeights, objective }: PortfolioProblem): LimitStatement[] {
  if (tax === undefined || previousWeights === undefined || !((objective.tax ?? 0) > 0)) return [];
  return taxedLots(tax.lots, tax)
    .filter(({ asset, locked }) => locked && assets.includes(asset))
    .map(({ asset }): LimitStatement => {
      const index = assets.indexOf(asset);
      return { name: lockoutName(asset), kind: 'bounds', rows: [{ index, sign: -1, bound: -previousWeights[index] }] };
    });
}

/** Name of the limit that keeps an asset from being bought while its loss is harvested. */
export function lockoutName(asset: string): string {
  return `wash-sale lockout of ${asset}`;
}

function checkRange(where: string, { min = -1, max = 1 }: WeightRange): void {
  for (const value of [min, max]) {
    if (!(Math.abs(value) <= 3)) {
      throw new InputError(
        `a weight limit of ${where} is ${value}; it must lie in -3..3`,
        { field: where },
        Math.abs(value) <= 300 ? `weights are decimals: ${value} percent is ${value / 100}` : undefined,
      );
    }
  }
  if (min > max) throw new InputError(`min weight of ${where} (${min}) is above its max (${max})`, { field: where });
}

function notNegative(name: string, value: number, most = 10): number {
  if (!(value >= 0 && value <= most)) {
    throw new InputError(
      `${name} is ${value}; it must lie in 0..${most}`,
      { field: name },
      value > most && value <= 100 * most ? `limits are decimals: ${value} percent is ${value / 100}` : undefined,
    );
  }
  return value;
}

function finite(name: string, value: number): number {
  if (!Number.isFinite(value)) throw new InputError(`${name} is ${value}; it must be a finite number`, { field: name });
  return value;
}
