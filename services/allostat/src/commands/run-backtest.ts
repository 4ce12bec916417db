import { createRng, nearestWord, sha256Hex } from '@allostat/kernel';
import { assetsOf, type AllocationProposed } from '@allostat/pipeline';
import {
  backtestStatistics,
  checkBacktestCosts,
  deflatedSharpe,
  overfittingProbability,
  probabilisticSharpe,
  returnsOfPath,
  rollingStatistics,
  sharpeRatio,
  sharpeSample,
  stationaryBootstrap,
  superiorPredictiveAbility,
  statisticsByRegime,
  stressFilter,
  statisticsInCrises,
  type BacktestCosts,
  type BacktestStatistics,
  type BootstrapInterval,
  type CrisisStatistics,
  type MarketHistory,
  type PortfolioSimulation,
  type RegimeStatistics,
  type RollingStatistics,
} from '@allostat/quant';
import { startProgress } from '../cli/progress';
import type { BacktestFile } from './backtest-config';
import { readColumn, readConvertedMarket } from './backtest-market';
import { BacktestCheckpoint } from './backtest-checkpoint';
import { sensitivityRow, sensitivityTasks, type SensitivityRow, type SensitivityTask } from './backtest-sensitivity';
import { defined } from './defined';
import type { PortfolioRun, PortfolioTask } from './portfolio-run';
import { portfolioSpec } from './portfolio-specs';
import { runPortfolios } from './run-portfolios';

export interface BacktestResult {
  readonly id: string;
  readonly policy: string;
  readonly from: string;
  readonly to: string;
  readonly days: number;
  readonly delayBars: number;
  readonly statistics: BacktestStatistics;
  readonly gross: BacktestStatistics;
  /** The other portfolios, after cost. */
  readonly benchmarks: Readonly<Record<string, BacktestStatistics>>;
  /** By the label known at the close before each return; empty when no labels were given. */
  readonly regimes: Readonly<Record<string, RegimeStatistics>>;
  readonly crises: Readonly<Record<string, readonly CrisisStatistics[]>>;
  readonly probabilisticSharpe: number;
  /** Null with a single portfolio: then the spread of Sharpe ratios over trials is unknown. */
  readonly deflatedSharpe: number | null;
  readonly pbo: number | null;
  readonly trials: number;
  /** Policy less benchmark, 90 % interval; only with `bootstrap`. */
  readonly sharpeDifference?: Readonly<Record<string, BootstrapInterval>>;
  /** Every window of a year (or of `rollingBars`), by portfolio; absent for portfolios shorter than that. */
  readonly rolling: Readonly<Record<string, RollingStatistics>>;
  /**
   * By benchmark: probability of so large a gain of the best other portfolio over it, each at the benchmark's volatility, when none is
   * better (Hansen's test); only with `bootstrap`.
   */
  readonly superiorAbility?: Readonly<Record<string, number>>;
  /** The policy with one number changed; only with `sensitivity`. */
  readonly sensitivity?: readonly SensitivityRow[];
  readonly weights: readonly Readonly<Record<string, string | number>>[];
  readonly unfilled: number;
  /** Tax that the policy's account paid, a year of value; absent without `taxes`. */
  readonly taxPerYear?: number;
  readonly resultHash: string;
}

/** A backtest with what its report is drawn from. */
export interface BacktestRun {
  readonly result: BacktestResult;
  readonly runs: ReadonlyMap<string, PortfolioSimulation>;
  readonly judged: PortfolioSimulation;
  /** Regime known at each close. */
  readonly labels: readonly (string | undefined)[];
  /** What the policy proposed, when it is a mandate. */
  readonly proposals: readonly AllocationProposed[];
  /** SHA-256 of the prices, volumes and rates that were used. */
  readonly dataHash: string;
}

/** Returns in a year. */
const YEAR_BARS = 252;

export interface RunBacktestOptions {
  /** Worker threads; 0 (the default) runs one portfolio after the other. */
  readonly threads?: number;
  /** Folder that keeps each finished run: what is there is not run again. */
  readonly checkpoint?: string;
}

/** Runs every portfolio of a configuration and judges the policy beside the others. Deterministic, whatever the options. */
export async function runBacktest(
  config: BacktestFile,
  { threads = 0, checkpoint }: RunBacktestOptions = {},
): Promise<BacktestRun> {
  const { id, policy, from, portfolios, trials, taxes, delayBars = 1 } = config.value;
  const costs: BacktestCosts = costsOf(config);
  checkBacktestCosts(costs);
  const { market: whole, quotes } = readConvertedMarket(config);
  const names = Object.keys(portfolios);
  const specs = new Map(names.map((name) => [name, portfolioSpec(portfolios[name], config)]));
  for (const [name, spec] of specs)
    checkAssets(config, ['portfolios', name], { assets: assetsOf(spec), market: whole });
  config.value.delistings?.forEach(({ asset }, k) =>
    checkAssets(config, ['delistings', String(k), 'asset'], { assets: [asset], market: whole }),
  );
  const firstRow = whole.dates.findIndex((date) => date >= from);
  if (firstRow < 0 || firstRow > whole.dates.length - 4)
    throw config.fault(['from'], `leaves no history up to ${whole.dates[whole.dates.length - 1]}`, 'begin earlier');
  const { startValue, delistings } = config.value;
  const terms = {
    ...{ firstRow, delayBars, costs },
    ...(taxes && { taxes: defined(taxes) }),
    ...(startValue !== undefined && { startValue }),
    ...(delistings && { delistings }),
    ...(Object.keys(quotes).length > 0 && { quotes }),
  };
  const tasks = new Map<string, PortfolioTask>(
    [...specs].map(([name, spec]) => [name, { spec, market: whole, terms, observed: name === policy }]),
  );
  const changes = sensitivityTasks(config, tasks.get(policy) as PortfolioTask);
  const labelOf = ({ name, value }: SensitivityTask): string => `sensitivity: ${name} ${value}`;
  const all = new Map([...tasks, ...changes.map((change) => [labelOf(change), change.task] as const)]);
  const dataHash = dataHashOf(whole);
  const progress = startProgress();
  const done = await runPortfolios(all, {
    threads,
    ...(checkpoint !== undefined && { checkpoint: new BacktestCheckpoint(checkpoint, dataHash) }),
    onRun: (count, name) => progress.update(count, all.size, name),
  }).finally(() => progress.stop());
  const runOf = (name: string): PortfolioRun => done.get(name) as PortfolioRun;
  const runs = new Map(names.map((name) => [name, runOf(name).simulation]));
  const { proposals } = runOf(policy);
  const riskFree = (whole.cashRates as Float64Array).subarray(firstRow);
  const sensitivity = changes.map((change) => sensitivityRow(change, runOf(labelOf(change)), riskFree));
  const judged = runs.get(policy) as PortfolioSimulation;
  const { net, gross } = backtestStatistics(judged, { riskFree });
  const others = names.filter((name) => name !== policy);
  const judgedSpec = specs.get(policy);
  const stress = judgedSpec?.kind === 'mandate' ? judgedSpec.stress : undefined;
  const labels = labelsOf(config, { whole, firstRow, stress });
  const result: BacktestResult = {
    id,
    policy,
    from: judged.dates[0],
    to: judged.dates[judged.dates.length - 1],
    days: judged.dates.length,
    delayBars,
    statistics: net,
    gross,
    benchmarks: Object.fromEntries(others.map((name) => [name, backtestStatistics(run(name), { riskFree }).net])),
    regimes: statisticsByRegime(judged, labels, { riskFree }),
    crises: Object.fromEntries(names.map((name) => [name, statisticsInCrises(run(name), config.value.crises ?? [])])),
    ...judgement(names.map(run), judged, { riskFree, trials: trials ?? names.length }),
    ...(config.value.bootstrap && {
      sharpeDifference: Object.fromEntries(
        others.map((name) => [name, differenceOf(config, name, { judged, other: run(name), riskFree })]),
      ),
    }),
    rolling: Object.fromEntries(
      names.flatMap((name) => {
        const found = rollingStatistics(returnsOfPath(run(name)), {
          bars: config.value.rollingBars ?? YEAR_BARS,
          riskFree: riskFree.subarray(1),
        });
        return found === undefined ? [] : [[name, found]];
      }),
    ),
    ...(others.length > 0 &&
      config.value.bootstrap && { superiorAbility: abilityOver(config, names.map(run), riskFree) }),
    ...(sensitivity.length > 0 && { sensitivity }),
    weights: judged.decisions.map(({ date, weights }) => ({
      date,
      ...Object.fromEntries(judged.assets.map((asset, i) => [asset, weights[i]]).filter(([, weight]) => weight !== 0)),
    })),
    unfilled: judged.unfilled.length,
    ...(taxes && { taxPerYear: taxPerYear(judged) }),
    resultHash: sha256Hex(names.map((name) => `${name}:${run(name).resultHash}`).join('\n')),
  };
  return { result, runs, judged, labels, proposals, dataHash };

  function run(name: string): PortfolioSimulation {
    return runs.get(name) as PortfolioSimulation;
  }
}

function costsOf({ value }: BacktestFile): BacktestCosts {
  const { impact, ...rest } = value.costs ?? {};
  return { ...defined(rest), ...(impact && { impact: defined(impact) }) };
}

function checkAssets(
  config: BacktestFile,
  path: readonly string[],
  { assets, market }: { assets: readonly string[]; market: MarketHistory },
): void {
  const unknown = assets.find((asset) => !market.assets.includes(asset));
  if (unknown === undefined) return;
  throw config.fault(path, `the prices have no column ${unknown}`, nearestWord(unknown, market.assets));
}

function excessOf(simulation: PortfolioSimulation, riskFree: Float64Array): Float64Array {
  return returnsOfPath(simulation).map((value, t) => value - riskFree[t + 1]);
}

function judgement(
  all: readonly PortfolioSimulation[],
  judged: PortfolioSimulation,
  { riskFree, trials }: { riskFree: Float64Array; trials: number },
): Pick<BacktestResult, 'probabilisticSharpe' | 'deflatedSharpe' | 'pbo' | 'trials'> {
  const excess = all.map((simulation) => excessOf(simulation, riskFree));
  const sample = sharpeSample(excessOf(judged, riskFree));
  const probability = probabilisticSharpe(sample);
  if (all.length < 2) return { probabilisticSharpe: probability, deflatedSharpe: null, pbo: null, trials };
  const sharpes = excess.map((series) => sharpeRatio(series));
  const mean = sharpes.reduce((sum, value) => sum + value, 0) / sharpes.length;
  const varianceOfSharpes = sharpes.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (sharpes.length - 1);
  return {
    probabilisticSharpe: probability,
    deflatedSharpe: deflatedSharpe(sample, { trials, varianceOfSharpes }).probability,
    pbo: overfittingProbability(excess, { blocks: 12 }).pbo,
    trials,
  };
}

/** Labels of the file, else stress and calm as the policy's mandate would know them, else none. */
function labelsOf(
  config: BacktestFile,
  { whole, firstRow, stress }: { whole: MarketHistory; firstRow: number; stress: string | undefined },
): (string | undefined)[] {
  const { regimes } = config.value;
  const dates = whole.dates.slice(firstRow);
  if (regimes !== undefined) {
    const labels = readColumn(config.path(regimes.file), regimes.column);
    return dates.map((date) => labels.get(date));
  }
  if (stress === undefined) return dates.map(() => undefined);
  const stressAt = stressFilter(stress);
  return dates.map((_, k) => {
    const probability = stressAt(whole, firstRow + k);
    return probability === undefined ? undefined : probability > 0.5 ? 'stress' : 'calm';
  });
}

/** Hansen's test of all portfolios against each but the policy; those that never differ from a benchmark are left out. */
function abilityOver(
  { value: { bootstrap, portfolios, policy } }: BacktestFile,
  all: readonly PortfolioSimulation[],
  riskFree: Float64Array,
): Readonly<Record<string, number>> {
  const { seed, draws, meanBlock } = bootstrap as NonNullable<typeof bootstrap>;
  const names = Object.keys(portfolios);
  const excess = all.map((simulation) => excessOf(simulation, riskFree));
  const deviation = (series: Float64Array): number => {
    const mean = series.reduce((sum, value) => sum + value, 0) / series.length;
    return Math.sqrt(series.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / (series.length - 1));
  };
  const sizes = excess.map(deviation);
  return Object.fromEntries(
    names.flatMap((benchmark, b) => {
      if (benchmark === policy || !(sizes[b] > 0)) return [];
      const gains = excess
        .map((series, k) => series.map((value, t) => (value * sizes[b]) / sizes[k] - excess[b][t]))
        .filter((gain, k) => k !== b && sizes[k] > 0 && deviation(gain) > 0);
      if (gains.length === 0) return [];
      const { probability } = superiorPredictiveAbility(gains, {
        rng: createRng(seed).fork(`ability ${benchmark}`),
        ...(draws !== undefined && { draws }),
        ...(meanBlock !== undefined && { meanBlock }),
      });
      return [[benchmark, probability]];
    }),
  );
}

function taxPerYear({ ledger }: PortfolioSimulation): number {
  return (ledger.reduce((sum, { open, tax }) => sum + tax / open, 0) * 252) / ledger.length;
}

function dataHashOf({ dates, assets, levels, volumes, cashRates }: MarketHistory): string {
  const numbers = (values: Float64Array | undefined): string =>
    values === undefined ? '' : Array.from(values, (value) => (Number.isNaN(value) ? '' : String(value))).join(',');
  return sha256Hex(
    [dates.join(','), assets.join(','), numbers(levels), numbers(volumes), numbers(cashRates)].join('\n'),
  );
}

function differenceOf(
  { value: { bootstrap } }: BacktestFile,
  name: string,
  { judged, other, riskFree }: { judged: PortfolioSimulation; other: PortfolioSimulation; riskFree: Float64Array },
): BootstrapInterval {
  const { seed, draws, meanBlock } = bootstrap as NonNullable<typeof bootstrap>;
  const yearly = (series: Float64Array): number => sharpeRatio(series) * Math.sqrt(252);
  return stationaryBootstrap(
    [excessOf(judged, riskFree), excessOf(other, riskFree)],
    ([a, b]) => yearly(a) - yearly(b),
    {
      rng: createRng(seed).fork(name),
      ...(draws !== undefined && { draws }),
      ...(meanBlock !== undefined && { meanBlock }),
    },
  );
}
