import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allostat } from '../line/line-processes';

const folder = mkdtempSync(join(tmpdir(), 'allostat-inspect-'));
const profile = join(__dirname, '../../examples/profiles/wide-prices.yaml');
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const run = async (...args: string[]) => {
  const { code, stdout } = await allostat(['inspect', ...args, '--json']);
  const body = JSON.parse(stdout) as { found: Record<string, unknown>[]; error?: { message: string } };
  return { code, ...body };
};
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('allostat inspect', () => {
  jest.setTimeout(60_000);

  it('bars: a close below its low is found with file, row and value; good bars end with 0', async () => {
    const close = file('close.csv', 'date,A,B\n2024-01-02,10,20\n2024-01-03,9,21\n');
    const low = file('low.csv', 'date,A,B\n2024-01-02,9,19\n2024-01-03,9.5,20\n');
    const { code, found } = await run('bars', '--close', close, '--low', low, '--profile', profile);
    expect(code).toBe(3);
    expect(found).toMatchObject([{ file: close, row: 3, series: 'A', rule: 'inconsistent-bar', value: '9' }]);
    expect((await run('bars', '--close', close, '--profile', profile)).code).toBe(0);
  });

  it('weights: a sum that is not one, and a weight that is no number', async () => {
    const good = file('good.csv', 'name,symbols,weights\nsixty-forty,SPY IEF,0.6 0.4\nover,SPY IEF,0.6 0.5\n');
    expect(await run('weights', good)).toMatchObject({ code: 3, found: [{ row: 3, series: 'over', value: '1.1' }] });
    const bad = file('bad.csv', 'name,symbols,weights\nx,SPY,60%\n');
    expect(await run('weights', bad)).toMatchObject({ code: 2, error: { message: expect.stringContaining(':2:') } });
  });

  it('membership: a symbol that was used again, and a member that the prices leave out', async () => {
    const members = file(
      'members.csv',
      'ticker,start_date,end_date\nA,2000-01-03,\nB,2000-01-03,2024-01-02\nC,1990-01-02,1995-01-03\nC,2000-01-03,2001-01-03\n',
    );
    const prices = file('prices.csv', 'date,A\n2024-01-02,10\n2024-01-03,9\n');
    const { code, found } = await run('membership', members, '--prices', prices, '--profile', profile);
    expect(code).toBe(3);
    expect(found.map(({ row, series, rule }) => [row, series, rule])).toEqual([
      [3, 'B', 'survivorship'],
      [5, 'C', 'reused-symbol'],
    ]);
  });

  it('averages: a series whose quarters are the mean of their months, and none where they are the last month', async () => {
    const month = (i: number): string => `20${20 + Math.floor(i / 12)}-${String((i % 12) + 1).padStart(2, '0')}-01`;
    const level = (i: number): number => 5 + ((i * 7) % 11) / 2;
    const months = Array.from({ length: 36 }, (_, i) => i);
    const quarters = months.filter((i) => i % 3 === 0);
    const table = (rows: readonly number[], value: (i: number) => number): string =>
      ['date,R', ...rows.map((i) => `${month(i)},${value(i).toFixed(4)}`)].join('\n');
    const macro = file(
      'macro.yaml',
      'id: m\ndate: { column: date }\nlayout: { type: wide }\nkind: macro\ncalendar: monthly\n',
    );
    const given = ['--profile', macro, '--months', file('months.csv', table(months, level)), '--months-profile', macro];
    const mean = file(
      'mean.csv',
      table(quarters, (i) => (level(i) + level(i + 1) + level(i + 2)) / 3),
    );
    expect(await run('averages', mean, ...given)).toMatchObject({
      code: 3,
      found: [{ file: mean, row: 2, series: 'R', rule: 'averaged' }],
    });
    const last = file(
      'last.csv',
      table(quarters, (i) => level(i + 2)),
    );
    expect(await run('averages', last, ...given)).toMatchObject({ code: 0, found: [] });
  });

  it('labels: real estate that is called equity is found by what it moves with', async () => {
    const ids = ['E1', 'E2', 'E3', 'H1', 'H2'];
    const levels = ids.map(() => 100);
    const wave = (t: number, k: number): number => (((t * k) % 17) - 8) / 1000;
    const rows = Array.from({ length: 300 }, (_, t) => {
      const day = new Date(Date.UTC(2022, 0, 3 + t)).toISOString().slice(0, 10);
      ids.forEach((id, i) => {
        levels[i] *= 1 + wave(t, 5) + (id.startsWith('H') ? wave(t, 3) : 0) + wave(t + 3 * i, 7 + i) / 4;
      });
      return [day, ...levels.map((value) => value.toFixed(6))].join(',');
    });
    const prices = file('levels.csv', [`date,${ids.join(',')}`, ...rows].join('\n'));
    const classes = ids.map((id) => `  - { id: ${id}, assetClass: ${id.startsWith('H') ? 'real-estate' : 'equity'} }`);
    const universe = file('u.yaml', `id: u\nversion: 1\ncurrency: USD\ninstruments:\n${classes.join('\n')}\n`);
    const given = ['--universe', universe, '--prices', prices, '--profile', profile];
    const labels = file('labels.csv', `symbol,label\n${ids.map((id) => `${id},Equity`).join('\n')}\nX,Equity\n`);
    const { code, found } = await run('labels', labels, ...given);
    expect(code).toBe(3);
    expect(found.map(({ row, series, rule }) => [row, series, rule])).toEqual([
      [5, 'H1', 'wrong-class'],
      [6, 'H2', 'wrong-class'],
    ]);
    expect(await run('labels', labels, ...given, '--label', 'Class')).toMatchObject({
      code: 2,
      error: { message: expect.stringContaining('no column "Class"') },
    });
  });
});
