import { readFileSync } from 'node:fs';
import { InputError } from '@allostat/kernel';
import { panelFromPrices, returnPanel, type ReturnPanel } from '@allostat/quant';
import { parse } from 'csv-parse/sync';

export interface ReturnsFile {
  readonly panel: ReturnPanel;
  readonly dates: readonly string[];
  /** What the numbers were taken for. */
  readonly kind: 'returns' | 'prices';
  /** Rows left out because a value was missing. */
  readonly dropped: number;
}

export interface ReturnsFileOptions {
  readonly file: string;
  /** `auto`: numbers that are all positive are prices. */
  readonly kind: 'auto' | 'returns' | 'prices';
  /** What to do with a row in which a value is missing. */
  readonly missing: 'refuse' | 'drop';
}

/** Reads a CSV with a `date` column and a column per asset; throws `InputError` that names file, row and column. */
export function readReturnsFile({ file, kind, missing }: ReturnsFileOptions): ReturnsFile {
  const records = parse(readText(file), { bom: true, skip_empty_lines: true, relax_column_count: true }) as string[][];
  const [header, ...body] = records;
  if (header === undefined)
    throw new InputError(`${file} is empty`, { file }, 'the first line must be: date,ASSET,ASSET,...');
  if (header[0]?.trim().toLowerCase() !== 'date' || header.length < 2) {
    throw new InputError(
      `the header of ${file} begins "${header.slice(0, 3).join(',')}"; it must be date,ASSET,ASSET,...`,
      { file, row: 1 },
      'name the first column "date" and every other column after its asset',
    );
  }
  const assets = header.slice(1).map((name) => name.trim());
  const rows: number[][] = [];
  const dates: string[] = [];
  let dropped = 0;
  body.forEach((record, k) => {
    const row = readRow(record, { file, row: k + 2, assets });
    if (row.includes(undefined)) {
      if (missing === 'refuse') {
        const asset = assets[row.indexOf(undefined)];
        throw new InputError(
          `${asset} has no value in row ${k + 2} of ${file}`,
          { file, row: k + 2, field: asset },
          'use --missing drop, or fill the gap by a rule that you can defend',
        );
      }
      dropped++;
      return;
    }
    rows.push(row as number[]);
    dates.push(record[0]);
  });
  checkDates(dates, file);
  const positive = rows.length > 2 && rows.every((row) => row.every((value) => value > 0));
  const found = kind === 'auto' ? (positive ? 'prices' : 'returns') : kind;
  if (found === 'prices')
    return { panel: panelFromPrices(assets, rows.flat()), dates: dates.slice(1), kind: found, dropped };
  checkDecimals(rows, file);
  return { panel: returnPanel(assets, rows.flat()), dates, kind: found, dropped };
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new InputError(`cannot read ${file}: ${(error as Error).message}`, { file });
  }
}

function readRow(
  record: readonly string[],
  { file, row, assets }: { file: string; row: number; assets: readonly string[] },
): (number | undefined)[] {
  if (record.length !== assets.length + 1) {
    throw new InputError(`row ${row} of ${file} has ${record.length} columns, the header has ${assets.length + 1}`, {
      file,
      row,
    });
  }
  return assets.map((asset, i) => {
    const text = record[i + 1].trim();
    if (text === '' || /^(na|nan|null|-)$/i.test(text)) return undefined;
    const value = Number(text);
    if (!Number.isFinite(value)) {
      throw new InputError(`"${text}" for ${asset} in row ${row} of ${file} is not a finite number`, {
        file,
        row,
        field: asset,
      });
    }
    return value;
  });
}

function checkDates(dates: readonly string[], file: string): void {
  for (let k = 0; k < dates.length; k++) {
    if (!/^\d{4}-\d{2}-\d{2}/.test(dates[k])) {
      throw new InputError(
        `"${dates[k]}" in ${file} is not a date`,
        { file, field: 'date' },
        'write dates as 2024-12-31',
      );
    }
    if (k > 0 && dates[k] <= dates[k - 1]) {
      throw new InputError(`${dates[k]} follows ${dates[k - 1]} in ${file}; dates must rise`, { file, field: 'date' });
    }
  }
}

/** Returns of 100 % and more on an ordinary day are percentages. */
function checkDecimals(rows: readonly (readonly number[])[], file: string): void {
  const sizes = rows
    .flat()
    .map(Math.abs)
    .sort((a, b) => a - b);
  const typical = sizes[Math.floor(sizes.length / 2)];
  if (typical > 0.2) {
    throw new InputError(
      `half of the returns in ${file} are above ${typical} in size: they look like percentages`,
      { file },
      'returns are decimals: 0.01 is one percent; for prices use --kind prices',
    );
  }
}
