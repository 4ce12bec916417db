import { dirname, resolve } from 'node:path';
import { jobSpecSchema, narrowed, type JobSpec } from '@allostat/pipeline';
import { z } from 'zod';
import { readTable } from '../files/read-table';
import { readYaml } from '../files/read-yaml';
import { historyShape } from './backtest-config';
import { readBacktestMarket } from './backtest-market';

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
  policies: z.record(
    z.string(),
    z.strictObject({
      kind: z.enum(['equal-weight', 'hierarchical-risk-parity', 'mean-variance', 'minimum-variance']),
      weightMax: z.number().gt(0).max(1).exactOptional(),
    }),
  ),
});

/** A regime model to be fitted on features by date. */
const training = z.strictObject({
  kind: z.literal('regime-training'),
  name: z.string().min(1),
  model: z.string().min(1),
  /** CSV with a column `date` and one column a feature; empty where there is none. */
  features: z.string(),
});

const jobSchema = z.discriminatedUnion('kind', [randomised, training]);

/** Reads the configuration of a job and the data that it names; the specification that comes out needs neither again. */
export function readJobConfig(file: string): JobSpec {
  const read = readYaml(file, jobSchema);
  const path = (relative: string): string => resolve(dirname(file), relative);
  const { value } = read;
  if (value.kind === 'regime-training') {
    const { features, ...rest } = value;
    return jobSpecSchema.parse({ ...rest, history: featuresOf(path(features)) });
  }
  const { assets, from, to, prices, profile, volumes, riskFree, ...rest } = value;
  const history = { prices, riskFree, from, to, ...(profile && { profile }), ...(volumes && { volumes }) };
  const whole = readBacktestMarket({ ...read, value: history, path });
  const first = whole.dates.findIndex((date) => date >= from);
  if (first < 0) throw read.fault(['from'], `leaves no history up to ${whole.dates[whole.dates.length - 1]}`);
  const market = assets === undefined ? whole : narrowed(whole, assets);
  const unknown = assets?.find((asset) => !market.assets.includes(asset));
  if (unknown !== undefined) throw read.fault(['assets'], `the prices have no column ${unknown}`);
  const n = market.assets.length;
  return jobSpecSchema.parse({
    ...rest,
    market: {
      dates: market.dates.slice(first),
      assets: market.assets,
      levels: Array.from(market.levels.subarray(first * n), (level) => (Number.isNaN(level) ? null : level)),
      cashRates: Array.from((market.cashRates as Float64Array).subarray(first)),
    },
  });
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
