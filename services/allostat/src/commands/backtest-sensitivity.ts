import type { PortfolioSpec, SimulationTerms } from '@allostat/pipeline';
import { backtestStatistics, type BacktestStatistics } from '@allostat/quant';
import type { BacktestFile, PortfolioConfig } from './backtest-config';
import type { PortfolioRun, PortfolioTask } from './portfolio-run';
import { portfolioSpec } from './portfolio-specs';

/** The policy with one number changed. */
export interface SensitivityRow {
  readonly what: 'parameter' | 'cost' | 'start value';
  readonly name: string;
  readonly value: number;
  readonly statistics: BacktestStatistics;
  /** Orders that were not filled whole. */
  readonly unfilled: number;
}

/** A run of the policy with one number changed. */
export interface SensitivityTask extends Pick<SensitivityRow, 'what' | 'name' | 'value'> {
  readonly task: PortfolioTask;
}

/** The policy for every number of `sensitivity`; empty without it. Judges what is there: nothing is chosen by it. */
export function sensitivityTasks(config: BacktestFile, own: PortfolioTask): SensitivityTask[] {
  const { sensitivity } = config.value;
  if (sensitivity === undefined) return [];
  const { parameters = {}, costs: levels = [], startValues = [] } = sensitivity;
  const task = (spec: PortfolioSpec, change: Partial<SimulationTerms> = {}): PortfolioTask => ({
    ...{ ...own, spec, observed: false },
    terms: { ...own.terms, ...change },
  });
  return [
    ...Object.entries(parameters).flatMap(([name, values]) =>
      values.map((value): SensitivityTask => {
        return { what: 'parameter', name, value, task: task(changed(config, name, value)) };
      }),
    ),
    ...levels.map((value): SensitivityTask => {
      const costs = { ...own.terms.costs, proportional: value };
      return { what: 'cost', name: 'one-way cost', value, task: task(own.spec, { costs }) };
    }),
    ...startValues.map((value): SensitivityTask => {
      return { what: 'start value', name: 'start value', value, task: task(own.spec, { startValue: value }) };
    }),
  ];
}

export function sensitivityRow(
  { what, name, value }: SensitivityTask,
  { simulation }: PortfolioRun,
  riskFree: Float64Array,
): SensitivityRow {
  const { net } = backtestStatistics(simulation, { riskFree });
  return { what, name, value, statistics: net, unfilled: simulation.unfilled.length };
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

function changed(config: BacktestFile, name: string, value: number): PortfolioSpec {
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
    ? portfolioSpec(settings, config, { [name]: value })
    : portfolioSpec({ ...settings, [name]: value } as PortfolioConfig, config);
}
