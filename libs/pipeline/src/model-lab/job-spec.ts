import { RANDOMISED_KINDS, type MarketHistory } from '@allostat/quant';
import { z } from 'zod';
import { portfolioSpecSchema } from '../backtest';

const rate = (most: number): z.ZodNumber => z.number().min(0).max(most);
/** Row by row; null where an asset has none. */
const cells = z.array(z.number().gt(0).nullable());

const market = z
  .strictObject({
    dates: z.array(z.iso.date()).min(2),
    assets: z.array(z.string()).min(1),
    levels: cells,
    volumes: z.array(z.number().min(0).nullable()).exactOptional(),
    cashRates: z.array(z.number()).exactOptional(),
  })
  .superRefine(({ dates, assets, levels, volumes, cashRates }, context) => {
    const size = dates.length * assets.length;
    const count = (name: string, found: number | undefined, wanted: number): void => {
      if (found === undefined || found === wanted) return;
      context.addIssue({ code: 'custom', path: [name], message: `has ${found} values; ${wanted} are needed` });
    };
    count('levels', levels.length, size);
    count('volumes', volumes?.length, size);
    count('cashRates', cashRates?.length, dates.length);
  });

/** Methods by name. */
export const jobPolicies = z.record(
  z.string(),
  z.strictObject({ kind: z.enum(RANDOMISED_KINDS), weightMax: z.number().gt(0).max(1).exactOptional() }),
);

/** Random stretches and assets of a history, every policy on each: one slice a draw. */
const randomisedJob = z.strictObject({
  kind: z.literal('randomised-backtests'),
  name: z.string().min(1),
  draws: z.int().min(1).max(100_000),
  seed: z.int().min(0),
  assetsPerDraw: z.int().min(2).max(500),
  barsPerDraw: z.int().min(63).max(10_000),
  historyBars: z.int().min(63).max(2520).default(504),
  cost: rate(0.1).default(0.001),
  delayBars: z.int().min(0).max(20).default(1),
  policies: jobPolicies,
  market,
});

/** Whole portfolios through a whole history, as they would have traded: one slice a portfolio. */
const backtestJob = z
  .strictObject({
    kind: z.literal('backtest'),
    name: z.string().min(1),
    /** First close; earlier rows are history. */
    from: z.iso.date(),
    startValue: z.number().positive().exactOptional(),
    delayBars: z.int().min(0).max(20).default(1),
    costs: z
      .strictObject({
        proportional: z.union([rate(0.2), z.record(z.string(), rate(0.2))]).exactOptional(),
        impact: z
          .strictObject({
            coefficient: rate(10),
            volatilityBars: z.int().min(20).exactOptional(),
            initialVolatility: rate(0.5),
          })
          .exactOptional(),
        participationMax: z.number().positive().max(1).exactOptional(),
        lotUnits: z.number().positive().exactOptional(),
        minimumTicket: z.number().min(0).exactOptional(),
        borrowRate: rate(1).exactOptional(),
        loanSpread: rate(1).exactOptional(),
        managementFee: rate(0.2).exactOptional(),
      })
      .default({}),
    taxes: z
      .strictObject({
        shortTermRate: rate(1),
        longTermRate: rate(1),
        lotChoice: z.enum(['first-in', 'last-in', 'highest-basis']).exactOptional(),
        longTermDays: z.int().min(0).exactOptional(),
        washDays: z.int().min(0).exactOptional(),
      })
      .exactOptional(),
    delistings: z.array(z.strictObject({ asset: z.string(), date: z.iso.date(), recovery: rate(1) })).exactOptional(),
    portfolios: z.record(z.string(), portfolioSpecSchema),
    market,
  })
  .superRefine(({ portfolios, market: { dates }, from }, context) => {
    if (Object.keys(portfolios).length === 0)
      context.addIssue({ code: 'custom', path: ['portfolios'], message: 'there is none to run' });
    if (dates.findIndex((date) => date >= from) < 0 || dates.findIndex((date) => date >= from) > dates.length - 4)
      context.addIssue({
        code: 'custom',
        path: ['from'],
        message: `leaves no history up to ${dates[dates.length - 1]}`,
      });
  });

/** How a history is split. */
export const validationScheme = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('walk-forward'),
    trainBars: z.int().min(20).max(10_000),
    testBars: z.int().min(1).max(2520),
    purgeBars: z.int().min(0).max(252).default(1),
    expanding: z.boolean().default(false),
  }),
  z
    .strictObject({
      type: z.literal('combinatorial-purged'),
      folds: z.int().min(2).max(20),
      testFolds: z.int().min(1).max(19),
      labelBars: z.int().min(0).max(252).default(1),
      embargoBars: z.int().min(0).max(252).default(5),
    })
    .refine(({ folds, testFolds }) => testFolds < folds, {
      path: ['testFolds'],
      message: 'must be less than folds',
    }),
]);

/** Methods fitted on one part of a history and tested on another, again and again: one slice a split. */
const validationJob = z.strictObject({
  kind: z.literal('validation'),
  name: z.string().min(1),
  scheme: validationScheme,
  policies: jobPolicies,
  market,
});

/** A regime model fitted on the features of a history: one slice. */
const trainingJob = z.strictObject({
  kind: z.literal('regime-training'),
  name: z.string().min(1),
  /** Name in the registry, such as `regime:demo`. */
  model: z.string().min(1),
  history: z.array(z.strictObject({ asOf: z.iso.date(), values: z.record(z.string(), z.number()) })).min(1),
});

/** What a job is asked to do: everything that its result depends on. */
export const jobSpecSchema = z.discriminatedUnion('kind', [randomisedJob, backtestJob, validationJob, trainingJob]);
export type JobSpec = z.infer<typeof jobSpecSchema>;
export type JobKind = JobSpec['kind'];

/** A history as a job carries it, and as the engine reads it. */
export type JobMarket = z.infer<typeof market>;

export function marketOf({ dates, assets, levels, volumes, cashRates }: JobMarket): MarketHistory {
  const numbers = (values: readonly (number | null)[]): Float64Array =>
    Float64Array.from(values, (value) => value ?? NaN);
  return {
    dates,
    assets,
    levels: numbers(levels),
    ...(volumes && { volumes: numbers(volumes) }),
    ...(cashRates && { cashRates: Float64Array.from(cashRates) }),
  };
}

/** A history in plain numbers. */
export function jobMarket({ dates, assets, levels, volumes, cashRates }: MarketHistory): JobMarket {
  const cellsOf = (values: Float64Array): (number | null)[] =>
    Array.from(values, (value) => (Number.isNaN(value) ? null : value));
  return {
    dates: [...dates],
    assets: [...assets],
    levels: cellsOf(levels),
    ...(volumes && { volumes: cellsOf(volumes) }),
    ...(cashRates && { cashRates: Array.from(cashRates) }),
  };
}
