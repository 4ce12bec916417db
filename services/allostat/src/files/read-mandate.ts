import { mandateFaults, mandateSchema, type Mandate, type Universe } from '@allostat/pipeline';
import { readYaml } from './read-yaml';

/** Reads a mandate file and checks it against its universe. Throws `InputError` with file, line and reason. */
export function readMandate(file: string, universe: Universe): Mandate {
  const { value, fault } = readYaml(file, mandateSchema);
  const [first] = mandateFaults(value as Mandate, universe);
  if (first) throw fault(first.path, first.message, first.hint);
  return value as Mandate;
}
