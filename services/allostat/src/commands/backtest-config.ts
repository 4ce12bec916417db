import { dirname, resolve } from 'node:path';
import { SIMPLE_PORTFOLIOS } from '@allostat/pipeline';
import { z } from 'zod';
import type { YamlFile } from '@allostat/pipeline';
import { readYaml } from '../files/read-yaml';

const date = z.iso.date();
const rate = (most: number): z.ZodNumber => z.number().min(0).max(most);
const portfolio = z.discriminatedUnion('kind', [
  ...SIMPLE_PORTFOLIOS,
  /** A mandate as the line would run it, over its whole universe. */
  z.strictObject({
    kind: z.literal('mandate'),
    file: z.string(),
    universe: z.string(),
    /** Asset whose returns tell calm from stress, for mandates that act on regimes. */
    stress: z.string().optional(),
  }),
]);

/** Where a history comes from. Files are named relative to the configuration. */
export const historyShape = {
  /** Total-return levels, a column an asset. */
  prices: z.string(),
  /** Import profile of the prices: date order, marks of missing values. Left out: ISO dates in a column `date`. */
  profile: z.string().optional(),
  /** Money traded by asset and day, same form as the prices. */
  volumes: z.string().optional(),
  /** Converts prices that are quoted in several currencies into that of a universe, by files of exchange rates and short rates. */
  currencies: z
    .strictObject({
      universe: z.string(),
      rates: z
        .array(
          z.strictObject({
            /** Columns `date` and one a series, named as the universe names it. */
            file: z.string(),
            /** Days after the one it is about on which a value was first known. */
            lagDays: z.int().min(0).max(60).default(0),
          }),
        )
        .min(1),
    })
    .optional(),
  /** Return of cash by day (decimal): risk-free rate of the ratios and interest on cash. */
  riskFree: z.strictObject({ file: z.string(), column: z.string() }),
  from: date,
  to: date,
};

/** What `allostat backtest --config` reads. */
const backtestSchema = z.strictObject({
  id: z.string().min(1),
  ...historyShape,
  startValue: z.number().positive().optional(),
  /** Closes between decision and trade; 0 only to compare with published figures. */
  delayBars: z.int().min(0).max(20).optional(),
  costs: z
    .strictObject({
      proportional: z.union([rate(0.2), z.record(z.string(), rate(0.2))]).optional(),
      impact: z
        .strictObject({
          coefficient: z.number().min(0).max(10),
          volatilityBars: z.int().min(20).optional(),
          initialVolatility: rate(0.5),
        })
        .optional(),
      participationMax: z.number().positive().max(1).optional(),
      lotUnits: z.number().positive().optional(),
      minimumTicket: z.number().min(0).optional(),
      borrowRate: rate(1).optional(),
      loanSpread: rate(1).optional(),
      managementFee: rate(0.2).optional(),
    })
    .optional(),
  /** Assets that stop trading: what is held of them turns into cash at this share of the last price. */
  delistings: z.array(z.strictObject({ asset: z.string(), date, recovery: rate(1) })).optional(),
  /** Paid out of the account; left out, figures are before tax. */
  taxes: z
    .strictObject({
      shortTermRate: rate(1),
      longTermRate: rate(1),
      lotChoice: z.enum(['first-in', 'last-in', 'highest-basis']).optional(),
      longTermDays: z.int().min(0).optional(),
      washDays: z.int().min(0).optional(),
    })
    .optional(),
  /** The portfolio that is judged; the others stand beside it. */
  policy: z.string(),
  portfolios: z.record(z.string(), portfolio),
  /** Every strategy that was ever tried on this history, those of this file included. */
  trials: z.int().positive().optional(),
  crises: z.array(z.strictObject({ name: z.string(), from: date, to: date })).optional(),
  /** Regime known at each close: columns `date` and the one named. */
  regimes: z.strictObject({ file: z.string(), column: z.string() }).optional(),
  /** Returns of a rolling window; default a year. */
  rollingBars: z.int().min(20).max(5000).optional(),
  /** The policy again with one number changed: of its settings, of its costs, of its size. */
  sensitivity: z
    .strictObject({
      /** By name: a setting of the policy's kind, for a mandate one of its construction. */
      parameters: z.record(z.string(), z.array(z.number()).min(1)).optional(),
      /** One-way costs. */
      costs: z.array(rate(0.2)).min(1).optional(),
      /** Start values in money; needs volumes and impact or a participation limit. */
      startValues: z.array(z.number().positive()).min(1).optional(),
    })
    .optional(),
  bootstrap: z
    .strictObject({
      seed: z.int().min(0),
      draws: z.int().min(100).max(20000).optional(),
      meanBlock: z.number().min(1).optional(),
    })
    .optional(),
});

export type BacktestConfig = z.infer<typeof backtestSchema>;
export type PortfolioConfig = z.infer<typeof portfolio>;

/** A configuration whose paths are relative to its own file. */
export interface LocatedFile<T> extends YamlFile<T> {
  /** A path of the configuration as the file system knows it. */
  path(relative: string): string;
}

export type BacktestFile = LocatedFile<BacktestConfig>;
export type HistoryFile = LocatedFile<Pick<BacktestConfig, keyof typeof historyShape>>;

/** Reads and checks a backtest configuration; throws `InputError` with file, line and what would be right. */
export function readBacktestConfig(file: string): BacktestFile {
  const read = readYaml(file, backtestSchema);
  const { policy, portfolios, from, to, trials } = read.value;
  const names = Object.keys(portfolios);
  if (portfolios[policy] === undefined)
    throw read.fault(['policy'], `there is no portfolio ${policy}`, `portfolios: ${names.join(', ')}`);
  if (!(from < to)) throw read.fault(['to'], `${to} does not lie after ${from}`);
  if (trials !== undefined && trials < names.length)
    throw read.fault(['trials'], `${trials} is less than the ${names.length} portfolios of this file`);
  const { sensitivity, costs, volumes } = read.value;
  if (sensitivity?.startValues !== undefined && (volumes === undefined || costs === undefined || !frictionsGrow(costs)))
    throw read.fault(
      ['sensitivity', 'startValues'],
      'a larger account trades as cheaply as a small one here',
      'add volumes, and costs.impact or costs.participationMax',
    );
  for (const [name, settings] of Object.entries(portfolios)) {
    if (!('weights' in settings)) continue;
    const sum = Object.values(settings.weights).reduce((total, weight) => total + weight, 0);
    if (sum > 1 + 1e-9)
      throw read.fault(['portfolios', name, 'weights'], `the weights add up to ${sum}`, 'they may add up to 1 at most');
  }
  return { ...read, path: (relative) => resolve(dirname(file), relative) };
}

const frictionsGrow = ({ impact, participationMax }: NonNullable<BacktestConfig['costs']>): boolean =>
  impact !== undefined || participationMax !== undefined;
