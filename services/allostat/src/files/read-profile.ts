import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { InputError } from '@allostat/kernel';
import { parseImportProfile, type ImportProfile } from '@allostat/pipeline';

/** Reads an import profile. Throws `InputError` that names the file and every wrong field. */
export function readProfile(file: string): ImportProfile {
  try {
    return parseImportProfile(parse(readFileSync(file, 'utf8')), file);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`${file} cannot be read: ${(error as Error).message}`, { file }, 'see examples/profiles');
  }
}
