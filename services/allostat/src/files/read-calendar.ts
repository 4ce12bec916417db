import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, parse } from 'node:path';
import { nearestWord } from '@allostat/kernel';
import { calendarSchema, type TradingCalendar } from '@allostat/pipeline';
import { calendarFromEvents } from './calendar-from-events';
import { examplesFolder } from './examples-folder';
import { readYaml } from './read-yaml';

const FORMATS = ['.yaml', '.yml', '.ics'];

/**
 * The trading calendar of a name, for a file that mentions it: `calendars/NAME.yaml` or `.ics` beside that file, beside its folder, or among
 * those that are delivered. `unknown` gets a hint when there is none.
 */
export function readCalendar(name: string, mentionedIn: string, unknown: (hint?: string) => Error): TradingCalendar {
  const folder = dirname(mentionedIn);
  const places = [join(folder, 'calendars'), join(dirname(folder), 'calendars'), join(examplesFolder(), 'calendars')];
  const files = places.filter(existsSync).flatMap((place) =>
    readdirSync(place)
      .sort()
      .filter((file) => FORMATS.includes(parse(file).ext))
      .map((file) => join(place, file)),
  );
  const found = files.find((file) => parse(file).name === name);
  if (found === undefined) throw unknown(nearestWord(name, [...new Set(files.map((file) => parse(file).name))].sort()));
  if (parse(found).ext === '.ics') return calendarFromEvents(readFileSync(found, 'utf8'), found, name);
  const { value, fault } = readYaml(found, calendarSchema);
  if (value.id !== name) throw fault(['id'], `is ${value.id}, the file is named ${name}`);
  return value;
}
