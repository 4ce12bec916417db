import { InputError, toInstant } from '@allostat/kernel';
import {
  adjustPrices,
  factorsFromTotalReturn,
  inspectPrices,
  inspectSeries,
  numberRevisions,
  PRICE_LIMITS,
  readFactors,
  readObservations as readRows,
  type AdjustedPrices,
  type ImportProfile,
  type Observation,
  type QuarantinedRow,
  type ReadObservations,
  type Revised,
  type StoredValue,
} from '@allostat/pipeline';
import {
  openSentimentModel,
  readNewest,
  recordObservations,
  signalIngestion,
  withTones,
} from '@allostat/signal-ingestion';
import { LineageRun, lineageSinks, People } from '@allostat/platform';
import { note, printResult } from '../cli/output';
import { readProfile } from '../files/read-profile';
import { readTable, readTables } from '../files/read-table';
import { Home } from '../home';
import { readOnly } from '../line/line-stages';
import { withStage } from '../line/with-stage';
import { doneWork, plannedWork } from './ingest-lineage';

export interface IngestResult {
  /** Observations that are new. */
  readonly accepted: number;
  /** Values that were set aside: not stored, to be judged by a person. */
  readonly quarantined: readonly Omit<QuarantinedRow, 'reason'>[];
  /** Values that were there already, in the files or in the store. */
  readonly duplicates: number;
  /** Cells without a value before a series begins, and after. */
  readonly missing: { readonly beforeFirst: number; readonly afterFirst: number };
  /** The cells without a value that lie within a series. */
  readonly emptyCells: ReadObservations['emptyCells'];
  readonly series: ReadObservations['series'];
  /** Corporate actions that prices were carried over, and those that concern none of them; absent without a file of factors. */
  readonly adjustments?: Omit<AdjustedPrices, 'observations'>;
}

const SHOWN = 20;

interface IngestOptions {
  readonly profile: string;
  readonly factors?: string;
  /** FILE=PROFILE. */
  readonly totalReturn?: string;
  readonly sentimentModel?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** Reads files, checks them, and stores what is good in the home's own database; tells the lineage where it is wanted. */
export async function runIngest(files: readonly string[], options: IngestOptions): Promise<void> {
  const profile = readProfile(options.profile);
  const sinks = options.dryRun ? [] : lineageSinks(process.env);
  if (sinks.length === 0) return void (await ingest(files, profile, options));
  const planned = await plannedWork(files);
  const run = await LineageRun.start('ingest', planned, { sinks, now: () => toInstant(Date.now()), warn: note });
  try {
    const { read, stored } = await ingest(files, profile, options);
    await run.complete(await doneWork(files, profile, read, stored));
  } catch (error) {
    await run.fail(error, planned);
    throw error;
  }
}

/** What was read of each table, for the lineage, and how many observations are new. */
interface Ingested {
  readonly read: Parameters<typeof doneWork>[2];
  readonly stored: number;
}

async function ingest(files: readonly string[], profile: ImportProfile, options: IngestOptions): Promise<Ingested> {
  const tables = (await Promise.all(files.map((file) => readTables(file, profile)))).flat();
  const read = tables.map(({ file, rows }) => readRows(rows, profile, file));
  const adjusted = adjust(
    read.flatMap((part) => part.observations),
    options,
  );
  const { observations } = adjusted;
  const { jumpFloor, singleNameJumpFloor } = PRICE_LIMITS;
  const inspected = inspectPrices(observations, {
    jumpFloor: profile.holdings === 'funds' ? jumpFloor : singleNameJumpFloor,
  });
  const model = await openSentimentModel(options.sentimentModel ?? process.env.SENTIMENT_MODEL_FILE);
  const good = await withTones(withoutQuarantined(observations, inspected), model);
  const stored = options.dryRun ? revise(good, new Map()) : await store(good);
  const quarantined = [
    ...read.flatMap((part) => part.quarantined),
    ...inspected,
    ...read.flatMap((part) => inspectSeries(part.observations, profile)),
    ...stored.revised.map(revisedRow),
  ];
  const sum = (count: (part: ReadObservations) => number): number =>
    read.reduce((total, part) => total + count(part), 0);
  const result: IngestResult = {
    accepted: stored.fresh.length,
    quarantined: quarantined.map(({ reason: _reason, ...row }) => row),
    duplicates: sum(({ duplicates }) => duplicates) + (good.length - stored.fresh.length),
    missing: {
      beforeFirst: sum(({ missing }) => missing.beforeFirst),
      afterFirst: sum(({ missing }) => missing.afterFirst),
    },
    emptyCells: read.flatMap((part) => part.emptyCells),
    series: joined(read.flatMap((part) => part.series)),
    ...(adjusted.applied !== undefined && { adjustments: { applied: adjusted.applied, unused: adjusted.unused } }),
  };
  printResult(result, describe(result, quarantined, options.dryRun === true), options);
  return {
    read: tables.map(({ file, rows }, i) => ({ file, rows: rows.length, series: read[i].series })),
    stored: result.accepted,
  };
}

/** Prices carried over corporate actions, where a file says which there were. */
function adjust(
  observations: readonly Observation[],
  { factors, totalReturn }: IngestOptions,
): AdjustedPrices | { readonly observations: readonly Observation[]; readonly applied?: undefined } {
  if (factors === undefined && totalReturn === undefined) return { observations };
  if (factors !== undefined && totalReturn !== undefined)
    throw new InputError('give --factors or --total-return, not both', { field: 'factors' });
  if (!observations.some(({ kind }) => kind === 'price'))
    throw new InputError(
      'only prices are carried over corporate actions, and the profile reads none',
      { field: 'kind' },
      'give a profile with kind: price; total-return levels have it in them already',
    );
  return adjustPrices(
    observations,
    factors === undefined
      ? factorsFromTotalReturn(observations, readTotalReturns(totalReturn as string))
      : readFactors(readTable(factors, { delimiter: ',' }), factors),
  );
}

function readTotalReturns(given: string): readonly Observation[] {
  const at = given.lastIndexOf('=');
  const [file, profileFile] = [given.slice(0, Math.max(at, 0)), given.slice(at + 1)];
  if (file === '' || profileFile === '')
    throw new InputError(`--total-return ${given} is not FILE=PROFILE`, { field: 'total-return' }, 'give both');
  const profile = readProfile(profileFile);
  return readRows(readTable(file, profile), profile, file).observations;
}

/** One line a series, however many files or sheets it was read from. */
function joined(series: ReadObservations['series']): ReadObservations['series'] {
  const byId = new Map<string, ReadObservations['series'][number]>();
  for (const next of series) {
    const { id, first, last, count } = byId.get(next.id) ?? { ...next, count: 0 };
    byId.set(id, {
      id,
      first: next.first < first ? next.first : first,
      last: next.last > last ? next.last : last,
      count: count + next.count,
    });
  }
  return [...byId.values()];
}

type Numbered = ReturnType<typeof numberRevisions>;

const revise = (observations: readonly Observation[], stored: ReadonlyMap<string, StoredValue>): Numbered =>
  numberRevisions(observations, stored, toInstant(Date.now()));

async function store(observations: readonly Observation[]): Promise<Numbered> {
  const series = [...new Set(observations.map(({ seriesId }) => seriesId))];
  return withStage(readOnly(signalIngestion({ people: new People([]) })), { home: new Home(), room: 'own' }, (stage) =>
    stage.units.run(async ({ manager }) => {
      const numbered = revise(observations, await readNewest(manager, series));
      const inserted = await recordObservations(manager, numbered.fresh);
      // headlines have no revisions: those that are there already are the rows that were not new
      return { ...numbered, fresh: numbered.fresh.slice(0, inserted) };
    }),
  );
}

function revisedRow({ observation: { origin, seriesId, eventTime, value }, before }: Revised): QuarantinedRow {
  return {
    file: origin === undefined ? '' : origin.file,
    ...(origin === undefined ? {} : { row: origin.row }),
    series: seriesId,
    rule: 'revised',
    value: String(value),
    reason: `${seriesId} of ${eventTime} was ${before.value} as known on ${before.knownTime.slice(0, 10)}; both are kept`,
  };
}

/** A value that a price rule set aside is not stored; a value that is only missing has nothing to leave out. */
function withoutQuarantined(observations: readonly Observation[], rows: readonly QuarantinedRow[]): Observation[] {
  const key = (file: string, row: number | undefined, series: string): string => `${file}\u0000${row}\u0000${series}`;
  const bad = new Set(rows.filter(({ value }) => value !== '').map(({ file, row, series }) => key(file, row, series)));
  return observations.filter(({ origin, seriesId }) => !origin || !bad.has(key(origin.file, origin.row, seriesId)));
}

function describe(result: IngestResult, quarantined: readonly QuarantinedRow[], dryRun: boolean): string[] {
  const byRule = new Map<string, number>();
  for (const { rule } of quarantined) byRule.set(rule, (byRule.get(rule) ?? 0) + 1); // first of its rule
  const { series, missing } = result;
  return [
    `${result.accepted} observations ${dryRun ? 'would be stored' : 'stored'}, ${result.duplicates} were there already`,
    `${series.length} series, ${missing.beforeFirst} cells before a series begins, ${missing.afterFirst} missing later`,
    ...(result.adjustments === undefined
      ? []
      : [
          `prices carried over ${result.adjustments.applied.length} corporate actions; ${result.adjustments.unused.length} concern none of them`,
        ]),
    ...[...byRule].map(([rule, count]) => `quarantined by ${rule}: ${count}`),
    ...quarantined.slice(0, SHOWN).map(({ file, row, series: id, rule, value, reason }) => {
      return `  ${file}${row === undefined ? '' : `:${row}`} ${id} ${value}: ${rule}, ${reason}`;
    }),
    ...(quarantined.length > SHOWN ? [`  and ${quarantined.length - SHOWN} more; see --json`] : []),
  ];
}
