import { mandateFaults, mandateFileSchema, type Mandate, type Universe, type YamlFile } from '@allostat/pipeline';
import { readCalendar } from './read-calendar';
import { readYaml } from './read-yaml';

/** Reads a mandate file, with the calendar that it names. Throws `InputError` with file, line, reason and the nearest valid value. */
export function readMandateFile(file: string): YamlFile<Mandate> {
  const read = readYaml(file, mandateFileSchema);
  const { calendar: name, ...rest } = read.value;
  const calendar =
    name === undefined
      ? undefined
      : readCalendar(name, file, (hint) => read.fault(['calendar'], `there is no calendar ${name}`, hint));
  return { ...read, value: { ...rest, ...(calendar && { calendar }) } as Mandate };
}

/** Reads a mandate file and checks it against its universe. Throws `InputError` with file, line and reason. */
export function readMandate(file: string, universe: Universe): Mandate {
  const { value, fault } = readMandateFile(file);
  const [first] = mandateFaults(value, universe);
  if (first) throw fault(first.path, first.message, first.hint);
  return value;
}
