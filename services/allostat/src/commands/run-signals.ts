import { InputError, invariant, type IsoDate } from '@allostat/kernel';
import type { SignalSnapshotPublished } from '@allostat/pipeline';
import type { Fusion } from '@allostat/quant';
import { printResult } from '../cli/output';
import type { SignalsOptions } from './signals';
import { readPriceHistory } from './signals-history';
import { snapshotsOf } from './signals-snapshots';

type Series = (number | null)[];

/** What `allostat signals --json` prints: one value a date in every list, null where there is none. */
export interface SignalsResult {
  readonly dates: readonly IsoDate[];
  readonly signals: Readonly<Record<string, Series>>;
  readonly coverage: readonly number[];
  readonly contributions: Readonly<Record<string, Series>>;
  readonly score: Series;
}

interface Row {
  readonly snapshot: SignalSnapshotPublished;
  readonly fusion: Fusion;
}

/** Cuts the snapshots of a price file and prints them, all or the last one up to a date. */
export async function runSignals(options: SignalsOptions): Promise<void> {
  const history = await readPriceHistory(options);
  const { asOf } = options;
  const deliveries = history.deliveries.filter(({ barClose }) => asOf === undefined || (barClose as IsoDate) <= asOf);
  if (deliveries.length === 0) {
    throw new InputError(
      `the prices begin on ${history.deliveries[0].barClose}, after --as-of ${asOf}`,
      { field: 'as-of' },
      'give a later date',
    );
  }
  const rows = snapshotsOf({ ...history, deliveries }).map((snapshot): Row => {
    const { fusion } = snapshot;
    invariant(fusion, 'a snapshot that was just cut has a fusion');
    return { snapshot, fusion };
  });
  const shown = asOf === undefined ? rows : rows.slice(-1);
  printResult(toResult(shown), describe(shown), options);
}

function toResult(rows: readonly Row[]): SignalsResult {
  const contributed = new Set(rows.flatMap(({ fusion }) => fusion.contributions.map(({ name }) => name)));
  const column = (read: (row: Row) => number | undefined): Series =>
    rows.map((row) => {
      const value = read(row);
      return value === undefined ? null : value;
    });
  return {
    dates: rows.map(({ snapshot }) => snapshot.asOf),
    // a universe keeps its signals, in order, from its first bar to its last
    signals: Object.fromEntries(
      rows[0].snapshot.signals.map(({ name }, i) => [name, column(({ snapshot }) => snapshot.signals[i].value)]),
    ),
    coverage: rows.map(({ snapshot }) => snapshot.coverage),
    contributions: Object.fromEntries(
      [...contributed].map((name) => [name, column(({ fusion }) => contributionOf(fusion, name))]),
    ),
    score: column(({ fusion }) => fusion.score),
  };
}

const contributionOf = (fusion: Fusion, name: string): number | undefined =>
  fusion.contributions.find((part) => part.name === name)?.contribution;

function describe(rows: readonly Row[]): string[] {
  const { snapshot, fusion } = rows[rows.length - 1];
  const cell = (value: number | undefined, digits: number): string =>
    (value === undefined ? '-' : value.toFixed(digits)).padStart(12);
  const lines = snapshot.signals.map(({ name, units, value }) => {
    return `${name.padEnd(32)}${cell(value, 4)}${cell(contributionOf(fusion, name), 3)}   ${units}`;
  });
  return [
    `${snapshot.asOf}, universe ${snapshot.universeId}, coverage ${(100 * snapshot.coverage).toFixed(0)} %`,
    `${'signal'.padEnd(32)}${'value'.padStart(12)}${'to score'.padStart(12)}   units`,
    ...lines,
    fusion.score === undefined
      ? 'no score: no signal has two years of history yet'
      : `score ${fusion.score.toFixed(3)} standard deviations`,
    ...(rows.length > 1 ? [`the last of ${rows.length} bars from ${rows[0].snapshot.asOf}; --json has them all`] : []),
  ];
}
