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
});
