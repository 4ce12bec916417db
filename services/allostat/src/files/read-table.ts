import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { InputError } from '@allostat/kernel';
import type { ImportProfile } from '@allostat/pipeline';

/** Reads a delimited text file, gzipped or not, with or without byte order mark, into rows of cells. */
export function readTable(file: string, { delimiter }: Pick<ImportProfile, 'delimiter'>): string[][] {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new InputError(`${file} cannot be read: ${(error as Error).message}`, { file }, 'check the path');
  }
  try {
    const text = file.endsWith('.gz') ? gunzipSync(bytes) : bytes;
    return parse(text, { bom: true, delimiter, relax_column_count: true, skip_empty_lines: false }) as string[][];
  } catch (error) {
    const line = (error as { lines?: number }).lines;
    throw new InputError(`${file}${line === undefined ? '' : `:${line}`}: ${(error as Error).message}`, {
      file,
      ...(line !== undefined && { row: line }),
    });
  }
}
