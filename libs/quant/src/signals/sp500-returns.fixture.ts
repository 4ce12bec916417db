import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const file = join(__dirname, '../../../../../shared/reference/regime/arch_sp500.csv.gz');

/** Why a test that needs the published closes is left out here, when it is. */
export const sp500Missing = existsSync(file) ? undefined : `skipped: ${file} is absent`;

/** Daily returns of the S&P 500, 1999 to 2018, as decimals. */
export function sp500Returns(): number[] {
  const [, ...rows] = gunzipSync(readFileSync(file)).toString().trim().split('\n');
  const closes = rows.map((line) => Number(line.split(',')[5]));
  return closes.slice(1).map((close, i) => close / closes[i] - 1);
}
