import { readFileSync } from 'node:fs';
import { InputError } from '@allostat/kernel';
import type { ImportProfile } from '@allostat/pipeline';

/** Every Parquet file begins and ends with this. */
export const PARQUET_MAGIC = 'PAR1';

/**
 * Reads a Parquet file (uncompressed, Snappy, gzip, Brotli, Zstandard or LZ4) into rows of cells as text, the names of its columns first, so
 * that row 2 is its first record. Dates are ISO, a null or NaN is an empty cell. Throws `InputError` for a file that is cut or damaged,
 * for columns of lists or structures, and for a profile that expects its header in another row.
 */
export async function readParquet(file: string, { headerRow }: Pick<ImportProfile, 'headerRow'>): Promise<string[][]> {
  if (headerRow !== 1)
    throw new InputError(
      `${file} has its names in its schema; the profile says headerRow ${headerRow}`,
      { file, field: 'headerRow' },
      'use a profile with headerRow 1 for Parquet',
    );
  const bytes = readFileSync(file);
  // both are ES modules that few runs need
  const [{ parquetMetadata, parquetReadObjects, parquetSchema }, { compressors }] = await Promise.all([
    import('hyparquet'),
    import('hyparquet-compressors'),
  ]);
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  let names: string[];
  let records: Record<string, unknown>[];
  try {
    const metadata = parquetMetadata(buffer);
    names = parquetSchema(metadata).children.map(({ element }) => element.name);
    records = await parquetReadObjects({ file: buffer, metadata, compressors });
  } catch (error) {
    throw new InputError(
      `${file} cannot be read as Parquet: ${(error as Error).message}`,
      { file },
      'the file may be cut or damaged: write it again, or save it as CSV',
    );
  }
  return [names, ...records.map((record, i) => names.map((name) => cellOf(record[name], { file, row: i + 2, name })))];
}

function cellOf(value: unknown, at: { readonly file: string; readonly row: number; readonly name: string }): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (value instanceof Date) {
    const text = value.toISOString();
    return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text;
  }
  throw new InputError(
    `${at.file}:${at.row}: column "${at.name}" has a list or a structure, not a value`,
    { file: at.file, row: at.row, field: at.name },
    'give a column of numbers, texts or dates',
  );
}
