import { dirname, resolve } from 'node:path';
import {
  assetsOf,
  jobMarket,
  jobPolicies,
  jobSpecSchema,
  narrowed,
  validationScheme,
  type JobSpec,
} from '@allostat/pipeline';
import type { MarketHistory } from '@allostat/quant';
import { z } from 'zod';
import { readTable } from '../files/read-table';
import { readYaml } from '../files/read-yaml';
import { historyShape, readBacktestConfig, type BacktestFile } from './backtest-config';
import { readBacktestMarket } from './backtest-market';
import { defined } from './defined';
import { portfolioSpec } from './portfolio-specs';

/** A job over a history of prices. */
const randomised = z.strictObject({
  kind: z.literal('randomised-backtests'),
  name: z.string().min(1),
  ...historyShape,
  /** Left out: every column of the prices. */
  assets: z.array(z.string()).min(2).exactOptional(),
  draws: z.int().min(1).max(100_000),
  seed: z.int().min(0),
  assetsPerDraw: z.int().min(2).max(500),
  barsPerDraw: z.int().min(63).max(10_000),
  historyBars: z.int().min(63).max(2520).exactOptional(),
  cost: z.number().min(0).max(0.1).exactOptional(),
  delayBars: z.int().min(0).max(20).exactOptional(),
  policies: jobPolicies,
});

/** A regime model to be fitted on features by date. */
const training = z.strictObject({
  kind: z.literal('regime-training'),
  name: z.string().min(1),
  model: z.string().min(1),
  /** CSV with a column `date` and one column a feature; empty where there is none. */
  features: z.string(),
});

/** A whole backtest: the file that `allostat backtest` reads. What judges it beside its portfolios is left to that command. */
const backtest = z.strictObject({
  kind: z.literal('backtest'),
  name: z.string().min(1),
  /** Relative to this file. */
  backtest: z.string(),
});

/** Methods fitted and tested on parts of a history. */
const validation = z.strictObject({
  kind: z.literal('validation'),
  name: z.string().min(1),
  ...historyShape,
  /** Left out: every column of the prices. */
  assets: z.array(z.string()).min(2).exactOptional(),
  scheme: validationScheme,
  policies: jobPolicies,
});

const jobSchema = z.discriminatedUnion('kind', [randomised, backtest, validation, training]);

/** Reads the configuration of a job and the data that it names; the specification that comes out needs neither again. */
export function readJobConfig(file: string): JobSpec {
  const read = readYaml(file, jobSchema);
  const path = (relative: string): string => resolve(dirname(file), relative);
  const { value } = read;
  if (value.kind === 'regime-training') {
    const { features, ...rest } = value;
    return jobSpecSchema.parse({ ...rest, history: featuresOf(path(features)) });
  }
  if (value.kind === 'backtest') return backtestJob(value.name, readBacktestConfig(path(value.backtest)));
  const { assets, from, to, prices, profile, volumes, riskFree, ...rest } = value;
  const history = { prices, riskFree, from, to, ...(profile && { profile }), ...(volumes && { volumes }) };
  const whole = readBacktestMarket({ ...read, value: history, path });
  const first = whole.dates.findIndex((date) => date >= from);
  if (first < 0) throw read.fault(['from'], `leaves no history up to ${whole.dates[whole.dates.length - 1]}`);
  const market = assets === undefined ? whole : narrowed(whole, assets);
  const unknown = assets?.find((asset) => !market.assets.includes(asset));
  if (unknown !== undefined) throw read.fault(['assets'], `the prices have no column ${unknown}`);
  return jobSpecSchema.parse({ ...rest, market: jobMarket(sinceRow(market, first)) });
}

/** Part of a history from a row on; volumes are left out: these jobs do not look at them. */
function sinceRow({ dates, assets, levels, cashRates }: MarketHistory, row: number): MarketHistory {
  return {
    ...{ dates: dates.slice(row), assets, levels: levels.subarray(row * assets.length) },
    cashRates: (cashRates as Float64Array).subarray(row),
  };
}

/** The portfolios of a backtest with all that they name, over the columns that they need. */
function backtestJob(name: string, config: BacktestFile): JobSpec {
  const { portfolios, from, startValue, delayBars, costs, taxes, delistings } = config.value;
  const specs = Object.fromEntries(
    Object.entries(portfolios).map(([key, portfolio]) => [key, portfolioSpec(portfolio, config)]),
  );
  const wanted = new Set(Object.values(specs).flatMap((spec) => assetsOf(spec)));
  const market = narrowed(readBacktestMarket(config), [...wanted]);
  const unknown = [...wanted].find((asset) => !market.assets.includes(asset));
  if (unknown !== undefined) throw config.fault(['portfolios'], `the prices have no column ${unknown}`);
  return jobSpecSchema.parse(
    defined({
      ...{ kind: 'backtest', name, from, startValue, delayBars, delistings },
      costs: costs && defined({ ...costs, impact: costs.impact && defined(costs.impact) }),
      taxes: taxes && defined(taxes),
      portfolios: specs,
      market: jobMarket(market),
    }),
  );
}

function featuresOf(file: string): { asOf: string; values: Record<string, number> }[] {
  const [header, ...rows] = readTable(file, { delimiter: ',' });
  const date = header.indexOf('date');
  return rows
    .filter((row) => row.length === header.length)
    .map((row) => ({
      asOf: row[date],
      values: Object.fromEntries(
        header.flatMap((name, i) => (i === date || row[i].trim() === '' ? [] : [[name, Number(row[i])]])),
      ),
    }));
}
