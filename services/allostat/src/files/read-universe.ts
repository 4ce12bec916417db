import { universeSchema, type Universe } from '@allostat/pipeline';
import { readYaml } from './read-yaml';

/** Reads a universe file. Throws `InputError` with file, line and reason. */
export function readUniverse(file: string): Universe {
  return readYaml(file, universeSchema).value as Universe;
}
