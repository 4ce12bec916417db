import { InputError } from '@allostat/kernel';
import { inspectLabels, readObservations } from '@allostat/pipeline';
import { note } from '../cli/output';
import { readProfile } from '../files/read-profile';
import { readTable } from '../files/read-table';
import { readUniverse } from '../files/read-universe';
import type { InspectLabelsOptions } from './inspect';
import { columnsOf, tell } from './run-inspect';

/** Compares the labels of a file with the classes of a universe, by what the instruments move with. */
export function runInspectLabels(file: string, options: InspectLabelsOptions): void {
  const classOf = new Map(readUniverse(options.universe).instruments.map(({ id, assetClass }) => [id, assetClass]));
  const returns = returnsOf(options);
  const [header, ...rows] = readTable(file, { delimiter: ',' });
  const [symbol, label] = columnsOf(header, [options.symbol, options.label], file);
  const listed = rows.flatMap((row, i) => {
    if (row.every((cell) => cell.trim() === '')) return [];
    if (row.length <= Math.max(symbol, label))
      throw new InputError(`${file}:${i + 2}: the row has only ${row.length} cells`, { file, row: i + 2 });
    return [{ id: row[symbol].trim(), label: row[label].trim(), row: i + 2 }];
  });
  const labelled = listed.flatMap(({ id, ...rest }) => {
    const [reference, own] = [classOf.get(id), returns.get(id)];
    return reference === undefined || own === undefined ? [] : [{ id, ...rest, reference, returns: own }];
  });
  if (labelled.length === 0)
    throw new InputError(
      `no instrument of ${file} is in the universe and has prices`,
      { file },
      'check --symbol, --universe and --prices',
    );
  if (labelled.length < listed.length)
    note(`${listed.length - labelled.length} of ${listed.length} labels are not judged: no class or no prices`);
  tell(inspectLabels(labelled, file), options);
}

/** Returns of each series, a bar each of all dates of the file. */
function returnsOf({ prices, profile: profileFile }: InspectLabelsOptions): Map<string, (number | undefined)[]> {
  const profile = readProfile(profileFile);
  const { observations } = readObservations(readTable(prices, profile), profile, prices);
  const dates = [...new Set(observations.map(({ eventTime }) => eventTime))].sort();
  const series = new Map<string, Map<string, number>>();
  for (const { seriesId, eventTime, value } of observations) {
    if (value === undefined) continue;
    const levels = series.get(seriesId) ?? new Map<string, number>(); // its first level
    series.set(seriesId, levels.set(eventTime, value));
  }
  return new Map(
    [...series].map(([id, levels]) => [
      id,
      dates.slice(1).map((date, t) => {
        const [before, now] = [levels.get(dates[t]), levels.get(date)];
        return before === undefined || now === undefined ? undefined : now / before - 1;
      }),
    ]),
  );
}
