import { join } from 'node:path';
import { InputError } from '@allostat/kernel';
import { readObservations, REGIME_NAMES, type RegimeName } from '@allostat/pipeline';
import {
  addForecast,
  fitMonthForecast,
  forecastMonth,
  initialProbabilityScore,
  reliabilityTable,
  scoreMonthForecasts,
  traceMonths,
  type DatedMonth,
  type RegimeMonth,
} from '@allostat/quant';
import { printResult } from '../cli/output';
import { examplesFolder } from '../files/examples-folder';
import { readProfile } from '../files/read-profile';
import { readTable } from '../files/read-table';
import type { MonthRegimesOptions } from './month-regimes';

/** Series that the rule reads, none of which is revised. */
const SERIES = { price: 'S&P 500', aaa: 'AAA', baa: 'BAA', bill: 'TB3MS' } as const;
const HORIZONS = [1, 3, 6] as const;
const NAMED_MONTHS_MIN = 60;

/** Names the months of a file, forecasts the next ones, and scores forecasts that were made on the months before them. */
export function runMonthRegimes(file: string, options: MonthRegimesOptions): void {
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(options.scoreFrom))
    throw new InputError(`--score-from ${options.scoreFrom}: it must be YYYY-MM`, { field: 'score-from' });
  const months = namedMonths(file, options.profile);
  const { method } = options;
  const last = months[months.length - 1];
  const model = fitMonthForecast(
    months.map(({ month }) => month),
    { method },
  );
  const forecasts = HORIZONS.map((ahead) => ({ ahead, probabilities: forecastMonth(model, last.month, ahead) }));
  const scores = HORIZONS.map((ahead) => {
    const outcomes = scoreMonthForecasts(months, { method, ahead, from: options.scoreFrom });
    const score = outcomes.reduce(
      (sum, { said, happened }) => addForecast(sum, said, happened),
      initialProbabilityScore(),
    );
    const { forecasts: n, logSum, brierSum } = score;
    if (n === 0)
      throw new InputError(
        `no month from ${options.scoreFrom} on can be scored`,
        { field: 'score-from' },
        `the file ends in ${last.date}`,
      );
    return { ahead, forecasts: n, logScore: logSum / n, brier: brierSum / n, reliability: reliabilityTable(score) };
  });
  const result = { method, month: last.date, regime: last.month.name, facts: last.month.facts, forecasts, scores };
  printResult(result, describe(result), options);
}

function namedMonths(file: string, profileFile: string | undefined): DatedMonth[] {
  const profile = readProfile(profileFile ?? join(examplesFolder(), 'profiles/fred-md.yaml'));
  const { observations } = readObservations(readTable(file, profile), profile, file);
  const byMonth = new Map<string, Map<string, number>>();
  for (const { seriesId, eventTime, value } of observations) {
    if (value === undefined) continue;
    const date = eventTime.slice(0, 7);
    const own = byMonth.get(date) ?? new Map<string, number>();
    byMonth.set(date, own.set(seriesId, value));
  }
  const known = [...byMonth.keys()].sort().flatMap((date) => {
    const value = (name: string) => byMonth.get(date)?.get(name);
    const [price, aaa, baa, bill] = [SERIES.price, SERIES.aaa, SERIES.baa, SERIES.bill].map(value);
    if (price === undefined || aaa === undefined || baa === undefined || bill === undefined) return [];
    return [{ date, price, creditSpread: baa - aaa, billRate: bill }];
  });
  const months = known.map(({ price, ...month }, i): RegimeMonth & { readonly date: string } => ({
    ...month,
    return: i === 0 ? 0 : price / known[i - 1].price - 1, // the first month has no month before it
  }));
  const traced = traceMonths(months);
  const named = months.flatMap(({ date }, i) => (traced[i] === undefined ? [] : [{ date, month: traced[i] }]));
  if (named.length < NAMED_MONTHS_MIN) {
    throw new InputError(
      `${file} has ${months.length} months with ${Object.values(SERIES).join(', ')}, of which ${named.length} can be named; ${NAMED_MONTHS_MIN} are needed`,
      { file },
      'the rule needs 65 months before the first name',
    );
  }
  return named;
}

function describe(result: {
  readonly method: string;
  readonly month: string;
  readonly regime: RegimeName;
  readonly forecasts: readonly {
    readonly ahead: number;
    readonly probabilities: Readonly<Record<RegimeName, number>>;
  }[];
  readonly scores: readonly {
    readonly ahead: number;
    readonly forecasts: number;
    readonly logScore: number;
    readonly brier: number;
    readonly reliability: ReturnType<typeof reliabilityTable>;
  }[];
}): string[] {
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  const [first] = result.scores;
  return [
    `${result.month} is called ${result.regime}; forecast by the ${result.method === 'tilted' ? 'tilted matrix' : 'matrix alone'}`,
    `${'months ahead'.padEnd(14)}${REGIME_NAMES.map((name) => name.padStart(12)).join('')}`,
    ...result.forecasts.map(({ ahead, probabilities }) => {
      return `${String(ahead).padEnd(14)}${REGIME_NAMES.map((name) => percent(probabilities[name]).padStart(12)).join('')}`;
    }),
    ...result.scores.map(({ ahead, forecasts, logScore, brier }) => {
      return `${forecasts} forecasts ${ahead} month${ahead === 1 ? '' : 's'} ahead, out of sample: log score ${logScore.toFixed(3)}, Brier ${brier.toFixed(3)}`;
    }),
    'one month ahead, all four names together:',
    ...first.reliability.map(({ from, to, forecasts, said, happened }) => {
      const range = `${percent(from)} to ${percent(to)}`;
      return `  ${range.padEnd(20)}${String(forecasts).padStart(6)} said ${percent(said)}, happened ${percent(happened)}`;
    }),
  ];
}
