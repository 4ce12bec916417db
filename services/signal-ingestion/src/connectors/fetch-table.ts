import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { InputError } from '@allostat/kernel';
import type { ImportProfile } from '@allostat/pipeline';
import { fetchFile, type FetchFileOptions } from './fetch-file';
import { fredRows } from './fred-rows';

/** The table behind an address, named without its query: CSV, gzipped or not, or the JSON of a FRED-compatible service. */
export async function fetchTable(
  url: string,
  { delimiter }: Pick<ImportProfile, 'delimiter'>,
  options: FetchFileOptions = {},
): Promise<{ readonly file: string; readonly rows: string[][] }> {
  const bytes = await fetchFile(url, options);
  const file = url.replace(/[?#].*$/, '');
  try {
    const text = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
    if (text[0] === 0x7b) return { file, rows: fredRows(text.toString('utf8'), url) };
    return { file, rows: parse(text, { bom: true, delimiter, relax_column_count: true }) as string[][] };
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`${file} cannot be read: ${(error as Error).message}`, { file }, 'look at what it answers');
  }
}
