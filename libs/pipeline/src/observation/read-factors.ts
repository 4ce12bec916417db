import { InputError } from '@allostat/kernel';
import type { AdjustmentFactor } from './adjust-prices';
import { parseDate } from './parse-date';

const COLUMNS = ['date', 'series', 'factor'] as const;
/** A factor outside is a mistake of units or of direction: a thousand for one and one for a thousand. */
const FACTOR_MAX = 1000;

/**
 * Reads a file of adjustment factors: a header with the columns `date` (YYYY-MM-DD, the first day without what was given), `series` and
 * `factor` (what a close before it is multiplied by), then a row an action. Throws `InputError` with file, row and field.
 */
export function readFactors(rows: readonly (readonly string[])[], file: string): AdjustmentFactor[] {
  const header = (rows[0] ?? []).map((name) => name.trim());
  const at = COLUMNS.map((name) => {
    const column = header.indexOf(name);
    if (column >= 0) return column;
    throw new InputError(
      `${file} has no column "${name}"`,
      { file, row: 1, field: name },
      `it has: ${header.join(', ')}`,
    );
  });
  const seen = new Set<string>();
  return rows.slice(1).flatMap((cells, i) => {
    const row = i + 2;
    if (cells.every((cell) => cell.trim() === '')) return [];
    const [day, series, text] = at.map((column) => (cells[column] ?? '').trim());
    const wrong = (field: string, message: string, hint: string): InputError =>
      new InputError(`${file}:${row}: ${message}`, { file, row, field }, hint);
    const date = parseDate(day, 'ymd');
    if (date === undefined) throw wrong('date', `"${day}" is no date`, 'write YYYY-MM-DD');
    if (series === '') throw wrong('series', 'the series is empty', 'name the series as the prices do');
    const factor = text === '' ? NaN : Number(text);
    if (!(factor >= 1 / FACTOR_MAX && factor <= FACTOR_MAX))
      throw wrong(
        'factor',
        `the factor of ${series} is "${text}", not a number from ${1 / FACTOR_MAX} to ${FACTOR_MAX}`,
        'a split of two for one is 0.5; a dividend of 1 on a close of 50 is 0.98',
      );
    const key = `${series} ${date}`;
    if (seen.has(key))
      throw wrong('series', `${series} has two factors on ${date}`, 'multiply them, and write one row');
    seen.add(key);
    return [{ series, date, factor, file, row }];
  });
}
