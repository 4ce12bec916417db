import { readFileSync } from 'node:fs';
import { InputError } from '@allostat/kernel';
import { checkYaml, type YamlFile } from '@allostat/pipeline';
import type { z } from 'zod';

/** Reads a YAML file against a schema. Throws `InputError` with file, line, reason and the nearest valid value. */
export function readYaml<T>(file: string, schema: z.ZodType<T>): YamlFile<T> {
  return checkYaml(readText(file), file, schema);
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new InputError(`${file} cannot be read: ${(error as Error).message}`, { file }, 'check the path');
  }
}
