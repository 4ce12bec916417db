import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { allostat } from '../line/line-processes';

const file = join(__dirname, '../../../shared/data/macro/fred-md/current.csv');
const present = existsSync(file);
if (!present) console.warn(`skipped: ${file} is absent`);

interface Result {
  readonly month: string;
  readonly regime: string;
  readonly forecasts: readonly { readonly ahead: number; readonly probabilities: Record<string, number> }[];
  readonly scores: readonly { readonly ahead: number; readonly forecasts: number; readonly logScore: number }[];
}
const run = async (...args: string[]): Promise<Result> => {
  const { code, stdout, stderr } = await allostat(['month-regimes', file, '--json', ...args]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as Result;
};

(present ? describe : describe.skip)('allostat month-regimes', () => {
  jest.setTimeout(120_000);
  it('calls February 2024 and after expansion, as the published history does, and its default beats the matrix', async () => {
    const tilted = await run();
    // regime.md 2.4: the rule on FRED-MD, unchanged, names 2024-02 expansion
    expect(tilted).toMatchObject({ month: '2024-07', regime: 'expansion' });
    for (const { probabilities } of tilted.forecasts)
      expect(Object.values(probabilities).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
    const matrix = await run('--method', 'matrix');
    tilted.scores.forEach(({ logScore, forecasts }, i) => {
      expect(forecasts).toBe(475);
      expect(logScore).toBeGreaterThan(matrix.scores[i].logScore);
    });
  });

  it('refuses a month that is none, and a file without its series', async () => {
    const { code } = await allostat(['month-regimes', file, '--score-from', '1985']);
    expect(code).toBe(2);
    const other = await allostat([
      'month-regimes',
      join(__dirname, '../../../shared/data/vix/finance-vix--vix-daily.csv'),
      '--json',
    ]);
    expect(JSON.parse(other.stdout)).toMatchObject({
      error: { message: expect.stringContaining('no column "sasdate"') },
    });
  });
});
