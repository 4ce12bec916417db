import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { InputError } from '@allostat/kernel';
import type { ImportProfile } from '@allostat/pipeline';
import { fetchTable } from '@allostat/signal-ingestion';
import { PARQUET_MAGIC, readParquet } from './read-parquet';

/** A table of a file; a workbook has one a sheet, named `file#sheet`. */
export interface NamedTable {
  readonly file: string;
  readonly rows: readonly (readonly string[])[];
}

/**
 * Reads the tables of a file, or of what stands behind an http(s) address: of an .xlsx workbook one a sheet, with the sheet's name in a last
 * column `sheet`; of a .parquet file its records; of any other file the one of `readTable`.
 */
export async function readTables(
  file: string,
  profile: Pick<ImportProfile, 'delimiter' | 'headerRow'>,
): Promise<NamedTable[]> {
  if (/^https?:\/\//.test(file)) return [await fetchTable(file, profile)];
  if (/\.parquet$/i.test(file)) return [{ file, rows: await readParquet(file, profile) }];
  if (!/\.xlsx$/i.test(file)) return [{ file, rows: readTable(file, profile) }];
  const { default: readWorkbook } = await import('read-excel-file/node');
  try {
    const sheets = await readWorkbook(readFileSync(file));
    return sheets.map(({ sheet, data }) => ({
      file: `${file}#${sheet}`,
      rows: data.map((cells, i) => [
        ...cells.map(cellText),
        i === profile.headerRow - 1 ? 'sheet' : cells.every((cell) => cell === null) ? '' : sheet,
      ]),
    }));
  } catch (error) {
    throw new InputError(`${file}: ${(error as Error).message}`, { file }, 'save it as .xlsx or as CSV');
  }
}

function cellText(cell: unknown): string {
  if (cell === null || cell === undefined) return '';
  if (cell instanceof Date) return cell.toISOString().slice(0, 10);
  return typeof cell === 'number' || typeof cell === 'boolean' ? String(cell) : (cell as string);
}

/** Reads a delimited text file, gzipped or not, with or without byte order mark, into rows of cells. */
export function readTable(file: string, { delimiter }: Pick<ImportProfile, 'delimiter'>): string[][] {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new InputError(`${file} cannot be read: ${(error as Error).message}`, { file }, 'check the path');
  }
  if (bytes.subarray(0, PARQUET_MAGIC.length).toString() === PARQUET_MAGIC)
    throw new InputError(
      `${file} is a Parquet file, and text was expected`,
      { file },
      'name it .parquet for ingest, signals and regime; elsewhere save it as CSV',
    );
  try {
    const text = file.endsWith('.gz') ? gunzipSync(bytes) : bytes;
    checkEncoding(text, file);
    return parse(text, { bom: true, delimiter, relax_column_count: true, skip_empty_lines: false }) as string[][];
  } catch (error) {
    if (error instanceof InputError) throw error;
    const line = (error as { lines?: number }).lines;
    throw new InputError(`${file}${line === undefined ? '' : `:${line}`}: ${(error as Error).message}`, {
      file,
      ...(line !== undefined && { row: line }),
    });
  }
}

const LINE_FEED = 0x0a;

/** Text in another encoding would be read as other words: it is refused at its first line. UTF-16 says what it is, and is read. */
function checkEncoding(text: Buffer, file: string): void {
  const isUtf16 = text[0] === 0xff && text[1] === 0xfe;
  if (isUtf16 || isUtf8(text)) return;
  for (let from = 0, row = 1; from < text.length; row++) {
    const end = text.indexOf(LINE_FEED, from);
    const until = end < 0 ? text.length : end;
    if (!isUtf8(text.subarray(from, until)))
      throw new InputError(
        `${file}:${row}: is not in UTF-8`,
        { file, row },
        'save the file in UTF-8 and read it again',
      );
    from = until + 1;
  }
}
