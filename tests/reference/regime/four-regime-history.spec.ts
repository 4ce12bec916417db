import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { nameMonths } from '@allostat/quant';

const folder = join(__dirname, '../../../../shared/reference/regime');
const present = existsSync(folder);
if (!present) console.warn(`skipped: ${folder} is absent`);
const table = (file: string): string[][] =>
  gunzipSync(readFileSync(join(folder, file)))
    .toString('utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));

(present ? describe : describe.skip)('the four-regime history of the US, 1931-2018', () => {
  const spreads = new Map(
    (present ? table('arch_default_spread.csv.gz') : []).map(([date, aaa, baa]) => {
      const [month, , year] = date.split('/');
      return [`${year}-${month.padStart(2, '0')}`, Number(baa) - Number(aaa)];
    }),
  );
  const rows = (present ? table('arch_frenchdata.csv.gz') : []).flatMap(([date, excess, , , free]) => {
    const month = `${date.slice(0, 4)}-${date.slice(4)}`;
    const creditSpread = spreads.get(month);
    if (creditSpread === undefined) return [];
    return [{ month, return: (Number(excess) + Number(free)) / 100, creditSpread, billRate: 12 * Number(free) }];
  });
  const names = nameMonths(rows);
  const episodes = names.flatMap((name, i) =>
    name !== undefined && name !== names[i - 1] ? [`${rows[i].month} ${name}`] : [],
  );

  it('has the episodes of the reference, one touch of zero by a rate excepted', () => {
    const golden = JSON.parse(readFileSync(join(folder, 'four_regime_1931_2018.json'), 'utf8')) as {
      episodes: [string, string][];
    };
    const expected = golden.episodes.map(([month, name]) => `${month} ${name}`);
    // in mid-1956 the six-month change of the bill rate is zero; in the reference rounding made it negative
    expect(expected.filter((episode) => !episodes.includes(episode))).toEqual([
      '1956-08 expansion',
      '1957-02 tightening',
    ]);
    expect(episodes.filter((episode) => !expected.includes(episode))).toEqual([]);
  });

  it('names the crises and the rate rises that everybody remembers, and never goes from expansion to recovery', () => {
    const on = (month: string) => names[rows.findIndex((row) => row.month === month)];
    expect(['1974-09', '1987-12', '2002-09', '2008-10', '2009-02'].map(on)).toEqual(Array(5).fill('crisis'));
    expect(['1979-06', '1994-12', '2005-06', '2018-06'].map(on)).toEqual(Array(4).fill('tightening'));
    names.forEach((name, i) => expect(name === 'recovery' && names[i - 1] === 'expansion').toBe(false));
  });
});
