import { join } from 'node:path';
import { InputError, nearestWord } from '@allostat/kernel';
import {
  feedFromObservations,
  readObservations,
  type ImportProfile,
  type Observation,
  type ObservationsRecorded,
  type QuarantinedRow,
  type Universe,
} from '@allostat/pipeline';
import { note } from '../cli/output';
import { examplesFolder } from '../files/examples-folder';
import { readProfile } from '../files/read-profile';
import { readTable, readTables } from '../files/read-table';
import { readUniverse } from '../files/read-universe';

/** The price files of a universe, as the live line would receive them. */
export interface PriceHistory {
  readonly universe: Universe;
  readonly deliveries: readonly ObservationsRecorded[];
}

export interface PriceHistoryFiles {
  readonly universe: string;
  readonly prices: readonly string[];
  readonly profile?: string;
  /** Files of context series, each as FILE=PROFILE. */
  readonly context?: readonly string[];
}

const NAMES_SHOWN = 12;

/**
 * Reads a universe and its price files into deliveries, a bar each. Series outside the universe are left out with a note.
 *
 * Throws `InputError` when a file has no usable price, an instrument has none, or the profile is not one of daily levels.
 */
export async function readPriceHistory(files: PriceHistoryFiles): Promise<PriceHistory> {
  const universe = readUniverse(files.universe);
  const profileFile = files.profile ?? join(examplesFolder(), 'profiles', 'wide-prices.yaml');
  const profile = readProfile(profileFile);
  checkProfile(profile, profileFile);
  const tables = (await Promise.all(files.prices.map((file) => readTables(file, profile)))).flat();
  const read = tables.map(({ file, rows }) => {
    const part = readObservations(rows, profile, file);
    if (part.observations.length === 0) throw nothingUsable(file, profileFile, part.quarantined);
    return part;
  });
  const known = [...new Set(read.flatMap((part) => part.series.map(({ id }) => id)))];
  checkInstruments(universe, files.universe, known, files.prices);
  noteLeftOut(universe, known);
  noteSetAside(read.flatMap((part) => part.quarantined));
  const observations = [...read.flatMap((part) => part.observations), ...readContext(universe, files.context ?? [])];
  return { universe, deliveries: feedFromObservations(observations, universe) };
}

/** The values of context series; those that the universe does not list are left out with a note. */
function readContext(universe: Universe, files: readonly string[]): Observation[] {
  const wanted = new Set(universe.context?.map(({ seriesId }) => seriesId));
  return files.flatMap((given) => {
    const at = given.lastIndexOf('=');
    const [file, profileFile] = [given.slice(0, Math.max(at, 0)), given.slice(at + 1)];
    if (file === '' || profileFile === '')
      throw new InputError(
        `--context ${given} is not FILE=PROFILE`,
        { field: 'context' },
        'give both, such as vix.csv=vix.yaml',
      );
    const profile = readProfile(profileFile);
    const { observations, quarantined } = readObservations(readTable(file, profile), profile, file);
    noteSetAside(quarantined);
    const used = observations.filter(({ seriesId }) => wanted.has(seriesId));
    if (used.length === 0)
      throw new InputError(
        `${file} has no series that universe ${universe.id} lists under context`,
        { file, field: 'context' },
        `it has: ${listed([...new Set(observations.map(({ seriesId }) => seriesId))])}`,
      );
    return used;
  });
}

function checkProfile(profile: ImportProfile, file: string): void {
  if (profile.kind !== 'price' && profile.kind !== 'total-return-index') {
    throw new InputError(
      `${file} reads values of kind ${profile.kind}; signals are made from price or total-return-index levels`,
      { file, field: 'kind' },
      'give a profile of prices, such as examples/profiles/wide-prices.yaml',
    );
  }
  if (profile.calendar === 'weekly' || profile.calendar === 'monthly') {
    throw new InputError(
      `${file} reads ${profile.calendar} values; signals count in daily bars`,
      { file, field: 'calendar' },
      'give daily prices (calendar weekdays or daily)',
    );
  }
}

function nothingUsable(file: string, profileFile: string, quarantined: readonly QuarantinedRow[]): InputError {
  const [first] = quarantined;
  if (first === undefined) {
    return new InputError(`${file} has no values below its header`, { file }, 'give a file with a row per day');
  }
  return new InputError(
    `${file} gives no usable price: ${quarantined.length} rows or cells set aside, the first at row ${first.row}: ${first.reason}`,
    { file, ...(first.row === undefined ? {} : { row: first.row }) },
    `check date order, columns and missing marks in ${profileFile}`,
  );
}

function checkInstruments(universe: Universe, file: string, known: readonly string[], prices: readonly string[]): void {
  const absent = universe.instruments.map(({ id }) => id).filter((id) => !known.includes(id));
  if (absent.length === 0) return;
  const near = nearestWord(absent[0], known);
  throw new InputError(
    `${file} lists ${listed(absent)}, which no price file has (${prices.join(', ')})`,
    { file, field: 'instruments' },
    near?.startsWith('did you mean') ? near : `the price files have: ${listed(known)}`,
  );
}

function noteLeftOut(universe: Universe, known: readonly string[]): void {
  const held = new Set(universe.instruments.map(({ id }) => id));
  const extra = known.filter((id) => !held.has(id));
  if (extra.length > 0) note(`left out, not in universe ${universe.id}: ${listed(extra)}`);
}

/** Says how many values a rule set aside, one line a rule. */
export function noteSetAside(rows: readonly { readonly rule: string; readonly reason: string }[]): void {
  const byRule = new Map<string, { count: number; first: string }>();
  for (const { rule, reason } of rows) {
    const entry = byRule.get(rule);
    if (entry === undefined) byRule.set(rule, { count: 1, first: reason });
    else entry.count += 1;
  }
  for (const [rule, { count, first }] of byRule) note(`set aside by ${rule}: ${count} (first: ${first})`);
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, NAMES_SHOWN).join(', ');
  return names.length > NAMES_SHOWN ? `${shown} and ${names.length - NAMES_SHOWN} more` : shown;
}
