import { backtestStatistics, type BacktestCosts, type BacktestStatistics, type MarketHistory } from '@allostat/quant';
import type { BacktestFile, PortfolioConfig } from './backtest-config';
import { portfolioOf, type BacktestPortfolio } from './backtest-policies';
import { simulateBacktest } from './simulate-backtest';

/** The policy with one number changed. */
export interface SensitivityRow {
  readonly what: 'parameter' | 'cost' | 'start value';
  readonly name: string;
  readonly value: number;
  readonly statistics: BacktestStatistics;
  /** Orders that were not filled whole. */
  readonly unfilled: number;
}

export interface SensitivityFacts {
  readonly market: MarketHistory;
  readonly firstRow: number;
  readonly costs: BacktestCosts;
  readonly riskFree: Float64Array;
  readonly onRun: (label: string) => void;
}

/** Runs the policy again for every number of `sensitivity`; empty without it. Judges what is there: nothing is chosen by it. */
export function sensitivityOf(config: BacktestFile, facts: SensitivityFacts): SensitivityRow[] {
  const { sensitivity, policy, portfolios, startValue } = config.value;
  if (sensitivity === undefined) return [];
  const { market, firstRow, costs, riskFree, onRun } = facts;
  const size = startValue === undefined ? {} : { startValue };
  const run = (
    { what, name, value }: Pick<SensitivityRow, 'what' | 'name' | 'value'>,
    portfolio: BacktestPortfolio,
    change: { readonly costs?: BacktestCosts; readonly startValue?: number } = {},
  ): SensitivityRow => {
    onRun(`${name} ${value}`);
    const simulation = simulateBacktest(config, portfolio, { market, firstRow, costs, ...size, ...change });
    const { net } = backtestStatistics(simulation, { riskFree });
    return { what, name, value, statistics: net, unfilled: simulation.unfilled.length };
  };
  const own = portfolioOf(portfolios[policy], config);
  const { parameters = {}, costs: levels = [], startValues = [] } = sensitivity;
  return [
    ...Object.entries(parameters).flatMap(([name, values]) =>
      values.map((value) => run({ what: 'parameter', name, value }, changed(config, name, value))),
    ),
    ...levels.map((value) =>
      run({ what: 'cost', name: 'one-way cost', value }, own, { costs: { ...costs, proportional: value } }),
    ),
    ...startValues.map((value) => run({ what: 'start value', name: 'start value', value }, own, { startValue: value })),
  ];
}

/** Numbers of a construction and of the simple kinds that can be moved. */
const OF_MANDATES = ['volatilityShare', 'tilt', 'drawdownMultiple', 'regimeCut', 'band', 'stepMin', 'riskAversion'];
const OF_KINDS: Readonly<Record<Exclude<PortfolioConfig['kind'], 'mandate'>, readonly string[]>> = {
  anchor: [],
  'equal-weight': [],
  'hierarchical-risk-parity': ['bars', 'weightMax'],
  'minimum-variance': ['volatilityHalfLifeBars', 'correlationHalfLifeBars', 'shrinkage', 'weightMax'],
  'mean-variance': ['bars', 'weightMax'],
  'volatility-target': ['targetShare', 'halfLifeBars', 'band'],
};

function changed(config: BacktestFile, name: string, value: number): BacktestPortfolio {
  const settings = config.value.portfolios[config.value.policy];
  const known = settings.kind === 'mandate' ? OF_MANDATES : OF_KINDS[settings.kind];
  if (!known.includes(name)) {
    throw config.fault(
      ['sensitivity', 'parameters', name],
      `is not a number of the kind ${settings.kind}`,
      known.length === 0 ? 'it has none' : `it has ${known.join(', ')}`,
    );
  }
  return settings.kind === 'mandate'
    ? portfolioOf(settings, config, { [name]: value })
    : portfolioOf({ ...settings, [name]: value } as PortfolioConfig, config);
}
