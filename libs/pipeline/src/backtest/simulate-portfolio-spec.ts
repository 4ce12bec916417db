import type { QuotesByRow } from './convert-history';
import { isOpenDay } from '../mandate/trading-calendar';
import { assertNever } from '@allostat/kernel';
import {
  anchorPolicy,
  equalWeightPolicy,
  hierarchicalPolicy,
  meanVariancePolicy,
  minimumVariancePolicy,
  monthEndRows,
  simulatePortfolio,
  stressBelief,
  volatilityTargetPolicy,
  type MarketHistory,
  type PortfolioPolicy,
  type PortfolioSimulation,
  type SimulationOptions,
} from '@allostat/quant';
import { mandatePolicy, type MandatePolicyOptions } from '../backfill/mandate-policy';
import { listedWeights, narrowed } from './narrow-market';
import type { MandatePortfolio, PortfolioSpec, SimplePortfolio } from './portfolio-spec';
import { beliefView } from './stress-view';

/** How the account of a backtest trades. */
export interface SimulationTerms extends Pick<
  SimulationOptions,
  'costs' | 'delayBars' | 'delistings' | 'startValue' | 'taxes'
> {
  /** First close; rows before it are history that a policy may use. */
  readonly firstRow: number;
  /** Of foreign assets, when the history was converted. */
  readonly quotes?: QuotesByRow;
  /** Sees the budgets and proposals of a mandate. */
  readonly observe?: MandatePolicyOptions['observe'];
}

/** The instruments that a portfolio names. */
export function assetsOf(spec: PortfolioSpec): readonly string[] {
  if (spec.kind === 'mandate') return spec.universe.instruments.map(({ id }) => id);
  if (spec.kind === 'anchor') return Object.keys(spec.weights);
  if (spec.kind === 'volatility-target')
    return [...Object.keys(spec.weights), ...(spec.cashAsset === undefined ? [] : [spec.cashAsset])];
  return spec.assets;
}

/**
 * Runs one portfolio through a history. Simple ones decide at the first close, so that money does not lie idle for a month, and at the last
 * close of each month; volatility targets and mandates are asked at every close. A mandate holds its anchor at the first close.
 */
export function simulatePortfolioSpec(
  spec: PortfolioSpec,
  whole: MarketHistory,
  { observe, delistings, quotes, ...terms }: SimulationTerms,
): PortfolioSimulation {
  const market = narrowed(whole, assetsOf(spec));
  const { firstRow, delayBars = 1 } = terms;
  const closedRows = closedRowsOf(spec, market);
  const own = delistings?.filter(({ asset }) => market.assets.includes(asset));
  return simulatePortfolio(
    market,
    spec.kind === 'mandate'
      ? policyOfMandate(spec, market, { delayBars, closedRows, observe, quotes })
      : simplePolicy(spec),
    {
      ...terms,
      delayBars,
      closedRows,
      ...(own && { delistings: own }),
      scheduledRows: [firstRow, ...monthEndRows(market.dates, firstRow + 1)],
      everyRow: spec.kind === 'mandate' || spec.kind === 'volatility-target',
      ...(spec.kind === 'mandate' && { initialWeights: listedWeights(spec.mandate.anchorWeights, market, firstRow) }),
    },
  );
}

/** Rows on which a mandate's calendar is closed; other portfolios trade on every row. */
function closedRowsOf(spec: PortfolioSpec, { dates }: MarketHistory): ReadonlySet<number> {
  const calendar = spec.kind === 'mandate' ? spec.mandate.calendar : undefined;
  return new Set(dates.flatMap((date, row) => (isOpenDay(calendar, date) ? [] : [row])));
}

function policyOfMandate(
  { mandate, universe, stress }: MandatePortfolio,
  { assets }: MarketHistory,
  {
    delayBars,
    closedRows,
    observe,
    quotes,
  }: {
    readonly quotes: QuotesByRow | undefined;
    readonly delayBars: number;
    readonly closedRows: ReadonlySet<number>;
    readonly observe: MandatePolicyOptions['observe'] | undefined;
  },
): PortfolioPolicy {
  const beliefAt = stress === undefined ? undefined : stressBelief(stress);
  const instruments = assets.flatMap((id) => universe.instruments.filter((instrument) => instrument.id === id));
  return mandatePolicy({
    mandate,
    universe: { ...universe, instruments },
    delayBars,
    closedRows,
    ...(quotes && { quotes }),
    ...(observe && { observe }),
    ...(beliefAt && { regimeAt: ({ history, row }) => beliefView(beliefAt(history, row)) }),
  });
}

function simplePolicy(spec: SimplePortfolio): PortfolioPolicy {
  switch (spec.kind) {
    case 'anchor':
      return anchorPolicy(spec.weights);
    case 'equal-weight':
      return equalWeightPolicy(spec.assets);
    case 'hierarchical-risk-parity':
      return hierarchicalPolicy(spec.assets, {
        ...(spec.bars !== undefined && { bars: spec.bars }),
        ...(spec.weightMax !== undefined && { limits: { default: { max: spec.weightMax } } }),
      });
    case 'minimum-variance': {
      const { kind: _kind, assets, ...options } = spec;
      return minimumVariancePolicy(assets, options);
    }
    case 'mean-variance': {
      const { kind: _kind, assets, ...options } = spec;
      return meanVariancePolicy(assets, options);
    }
    case 'volatility-target': {
      const { kind: _kind, weights, ...options } = spec;
      return volatilityTargetPolicy(weights, options);
    }
    default:
      return assertNever(spec);
  }
}
