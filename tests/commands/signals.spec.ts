import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { allostat } from '../line/line-processes';
import { writePriceFiles } from './signals-files';

interface Signals {
  readonly dates: string[];
  readonly signals: Record<string, (number | null)[]>;
  readonly coverage: number[];
  readonly contributions: Record<string, (number | null)[]>;
  readonly score: (number | null)[];
}

const BARS = 700;
const files = writePriceFiles(BARS);
const examples = join(__dirname, '../../examples');

async function signals(args: readonly string[]): Promise<Signals> {
  const { code, stdout, stderr } = await allostat(['signals', '--json', ...args]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as Signals;
}

async function refused(args: readonly string[]): Promise<{ code: string; message: string; hint?: string }> {
  const { code, stdout } = await allostat(['signals', '--json', ...args]);
  expect(code).toBe(2);
  return (JSON.parse(stdout) as { error: { code: string; message: string; hint?: string } }).error;
}

jest.setTimeout(60_000);
afterAll(() => rmSync(files.folder, { recursive: true, force: true }));

describe('allostat signals', () => {
  const given = ['--universe', files.universe, '--prices', files.prices];
  let whole: Signals;
  beforeAll(async () => {
    whole = await signals(given);
  });

  it('has one value a bar in every list, null while a signal lacks history', () => {
    expect(whole.dates).toEqual(files.dates);
    for (const series of [...Object.values(whole.signals), ...Object.values(whole.contributions)])
      expect(series).toHaveLength(BARS);
    expect(whole.coverage).toEqual(Array(BARS).fill(1));
    const { STOCKS } = files.closes;
    expect(whole.signals['return.equity.1d'][0]).toBeNull();
    expect(whole.signals['return.equity.1d'][300]).toBeCloseTo(STOCKS[300] / STOCKS[299] - 1, 12);
    expect(whole.signals['return.equity.63d'][62]).toBeNull();
    expect(whole.signals['return.equity.63d'][63]).toBeCloseTo(STOCKS[63] / STOCKS[0] - 1, 12);
    expect(whole.signals['return.credit.1d'].every((value) => value === null)).toBe(true);
  });

  it('has contributions that sum to the score, and neither before two years of history', () => {
    const scored = whole.score.flatMap((score, i) => (score === null ? [] : [{ score, i }]));
    expect(scored.length).toBeGreaterThan(100);
    expect(scored[0].i).toBeGreaterThan(500);
    for (const { score, i } of scored) {
      const sum = Object.values(whole.contributions).reduce((total, series) => total + Number(series[i]), 0);
      expect(sum).toBeCloseTo(score, 12);
    }
  });

  it('gives with --as-of the same numbers as the whole history, on the last bar up to the date', async () => {
    const saturday = files.dates.findIndex(
      (date, i) => i > 600 && Date.parse(files.dates[i + 1]) - Date.parse(date) > 864e5,
    );
    const asOf = new Date(Date.parse(files.dates[saturday]) + 864e5).toISOString().slice(0, 10);
    const one = await signals([...given, '--as-of', asOf]);
    expect(one.dates).toEqual([files.dates[saturday]]);
    for (const [name, [value]] of Object.entries(one.signals)) expect(value).toBe(whole.signals[name][saturday]);
    for (const [name, [value]] of Object.entries(one.contributions))
      expect(value).toBe(whole.contributions[name][saturday]);
  });

  it('tells on stderr what is not in the universe and what a rule set aside', async () => {
    const rows = readFileSync(files.prices, 'utf8')
      .split('\n')
      .map((line, i) => (i === 0 ? `${line},OIL` : i === 400 ? `${line.replace(/,[^,]*,/, ',-5,')},1` : `${line},1`));
    const odd = files.write('odd.csv', rows.join('\n'));
    const { code, stderr } = await allostat(['signals', '--universe', files.universe, '--prices', odd]);
    expect(code).toBe(0);
    expect(stderr).toContain('left out, not in universe three: OIL');
    expect(stderr).toContain('set aside by negative-price: 1');
  });

  it('reads macro series of the universe beside the prices, each by its profile', async () => {
    const universe = files.write(
      'with-vix.yaml',
      `${readFileSync(files.universe, 'utf8')}context:\n  - { seriesId: VIX, role: macro }\n`,
    );
    const vix = files.write(
      'vix.csv',
      `DATE,CLOSE\n${files.dates.map((date, i) => `${date},${20 + (i % 7)}`).join('\n')}\n`,
    );
    const profile = join(examples, 'profiles/vix.yaml');
    const read = await signals(['--universe', universe, '--prices', files.prices, '--context', `${vix}=${profile}`]);
    const bar = read.dates.indexOf(files.dates[600]);
    expect(read.signals['macro.level.VIX'][bar]).toBe(20 + (600 % 7));
    expect(read.signals['volatility.vix.change20d'][bar]).toBe((600 % 7) - (580 % 7));
    expect((await refused([...given, '--context', `${vix}=${profile}`])).message).toContain('lists under context');
    expect((await refused([...given, '--context', vix])).message).toContain('FILE=PROFILE');
  });

  it('lists every signal that a snapshot has, as the guide does', async () => {
    const { code, stdout } = await allostat(['signals', 'list', '--json']);
    expect(code).toBe(0);
    const { signals: listed } = JSON.parse(stdout) as {
      signals: { name: string; units: string; lookBack: string; known: string }[];
    };
    const names = listed.map(({ name }) => name);
    expect(Object.keys(whole.signals).filter((name) => !names.includes(name))).toEqual([]);
    const guide = readFileSync(join(__dirname, '../../docs/guides/signals.md'), 'utf8');
    for (const { name, units, lookBack, known } of listed) {
      const row = guide.split('\n').find((line) => line.startsWith(`| \`${name}\``));
      expect(row).toBeDefined();
      expect([row?.includes(units), row?.includes(lookBack), known !== '']).toEqual([true, true, true]);
    }
  });

  it('says what is missing, and knows no other word than list', async () => {
    expect((await refused([])).message).toContain('--universe is missing');
    expect((await refused(['--universe', files.universe])).message).toContain('--prices is missing');
    expect((await refused(['lst'])).hint).toContain('list');
  });

  it('refuses an instrument that no file has, and suggests the near one', async () => {
    const universe = files.write('misspelt.yaml', readFileSync(files.universe, 'utf8').replace('STOCKS', 'STOKS'));
    const error = await refused(['--universe', universe, '--prices', files.prices]);
    expect(error.message).toContain('STOKS');
    expect(error.hint).toBe('did you mean STOCKS?');
  });

  it.each([
    ['an empty file', '', 'has 0 rows'],
    ['a header alone', 'date,STOCKS,BONDS,GOLD\n', 'has no values below its header'],
    ['dates in another order', 'date,STOCKS,BONDS,GOLD\n31/12/2010,1,2,3\n', 'row 2: "31/12/2010" is no date'],
    ['a file without a date column', 'day,STOCKS,BONDS,GOLD\n2010-01-01,1,2,3\n', 'no column "date"'],
  ])('refuses %s', async (name, text, expected) => {
    const prices = files.write(`${name.replaceAll(' ', '-')}.csv`, text);
    const error = await refused(['--universe', files.universe, '--prices', prices]);
    expect(error.message).toContain(prices);
    expect(error.message).toContain(expected);
  });

  it.each([
    ['of macro values', 'fred-md', 'kind macro'],
    ['with columns that the file has not', 'etf37-prices', 'no column "Date"'],
  ])('refuses a profile %s', async (_, profile, expected) => {
    const error = await refused([...given, '--profile', join(examples, 'profiles', `${profile}.yaml`)]);
    expect(error.message).toContain(expected);
  });

  it('refuses a date before the first bar, a word that is no date, and a missing file', async () => {
    expect((await refused([...given, '--as-of', '2001-01-01'])).message).toContain('begin on 2010-01-01');
    const { code, stderr } = await allostat(['signals', ...given, '--as-of', '2010-02-30']);
    expect({ code, told: stderr.includes('2024-12-31') }).toEqual({ code: 2, told: true });
    expect((await refused(['--universe', files.universe, '--prices', 'nowhere.csv'])).message).toContain('nowhere.csv');
  });
});
