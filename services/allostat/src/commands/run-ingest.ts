import {
  inspectPrices,
  PRICE_LIMITS,
  readObservations as readRows,
  type Observation,
  type QuarantinedRow,
  type ReadObservations,
} from '@allostat/pipeline';
import { recordObservations, SIGNAL_INGESTION } from '@allostat/signal-ingestion';
import { printResult } from '../cli/output';
import { readProfile } from '../files/read-profile';
import { readTable } from '../files/read-table';
import { Home } from '../home';
import { readOnly } from '../line/line-stages';
import { withStage } from '../line/with-stage';

export interface IngestResult {
  /** Observations that are new. */
  readonly accepted: number;
  /** Values that were set aside: not stored, to be judged by a person. */
  readonly quarantined: readonly Omit<QuarantinedRow, 'reason'>[];
  /** Values that were there already, in the files or in the store. */
  readonly duplicates: number;
  /** Cells without a value before a series begins, and after. */
  readonly missing: { readonly beforeFirst: number; readonly afterFirst: number };
  readonly series: ReadObservations['series'];
}

const SHOWN = 20;

/** Reads files, checks them, and stores what is good in the home's own database. */
export async function runIngest(
  files: readonly string[],
  options: { readonly profile: string; readonly dryRun?: boolean; readonly json?: boolean },
): Promise<void> {
  const profile = readProfile(options.profile);
  const read = files.map((file) => readRows(readTable(file, profile), profile, file));
  const observations = read.flatMap((part) => part.observations);
  const { jumpFloor, singleNameJumpFloor } = PRICE_LIMITS;
  const inspected = inspectPrices(observations, {
    jumpFloor: profile.holdings === 'funds' ? jumpFloor : singleNameJumpFloor,
  });
  const quarantined = [...read.flatMap((part) => part.quarantined), ...inspected];
  const good = withoutQuarantined(observations, inspected);
  const accepted = options.dryRun ? good.length : await store(good);
  const result: IngestResult = {
    accepted,
    quarantined: quarantined.map(({ reason: _reason, ...row }) => row),
    duplicates: read.reduce((sum, part) => sum + part.duplicates, 0) + (good.length - accepted),
    missing: {
      beforeFirst: read.reduce((sum, part) => sum + part.missing.beforeFirst, 0),
      afterFirst: read.reduce((sum, part) => sum + part.missing.afterFirst, 0),
    },
    series: read.flatMap((part) => part.series),
  };
  printResult(result, describe(result, quarantined, options.dryRun === true), options);
}

async function store(observations: readonly Observation[]): Promise<number> {
  const home = new Home();
  return withStage(readOnly(SIGNAL_INGESTION), { home, room: 'own' }, (stage) =>
    stage.units.run((unit) => recordObservations(unit.manager, observations)),
  );
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
    ...[...byRule].map(([rule, count]) => `quarantined by ${rule}: ${count}`),
    ...quarantined.slice(0, SHOWN).map(({ file, row, series: id, rule, value, reason }) => {
      return `  ${file}${row === undefined ? '' : `:${row}`} ${id} ${value}: ${rule}, ${reason}`;
    }),
    ...(quarantined.length > SHOWN ? [`  and ${quarantined.length - SHOWN} more; see --json`] : []),
  ];
}
