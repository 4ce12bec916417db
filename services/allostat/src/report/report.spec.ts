import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRng } from '@allostat/kernel';
import { readBacktestConfig } from '../commands/backtest-config';
import { runBacktest, type BacktestRun } from '../commands/run-backtest';
import { writeReport, writeTables } from './write-report';

const folder = mkdtempSync(join(tmpdir(), 'allostat-report-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

const rng = createRng(9);
const days = Array.from({ length: 1100 }, (_, t) => new Date(Date.UTC(2018, 0, 1 + t)).toISOString().slice(0, 10));
const level = [100, 100, 100];
file(
  'prices.csv',
  [
    'date,EQ,BOND,CASH',
    ...days.map((day, t) => {
      const storm = t > 800 && t < 860 ? 3 : 1;
      [0.01 * storm, 0.004, 0.00001].forEach((size, i) => (level[i] *= 1 + 0.0002 + size * rng.normal()));
      return [day, ...level.map((value) => value.toFixed(6))].join(',');
    }),
  ].join('\n'),
);
file('rates.csv', ['date,BILL', ...days.map((day) => `${day},0.00002`)].join('\n'));
file(
  'universe.yaml',
  'id: small\ncurrency: USD\nequityProxy: EQ\ninstruments:\n  - { id: EQ, assetClass: equity }\n  - { id: BOND, assetClass: government-bond }\n  - { id: CASH, assetClass: cash }\n',
);
file(
  'mandate.yaml',
  `id: small-overlay
name: <Small> & tidy
universeId: small
currency: USD
notional: 1000000
anchorWeights: { EQ: 0.6, BOND: 0.4 }
construction: { core: anchor, volatilityShare: 0.8, drawdownMultiple: 1.5, regimeCut: 0.6 }
rebalance: { every: month, onRegimeChange: false }
risk: { volatilityTarget: 0.08, regimeScale: { expansion: 1, tightening: 1, crisis: 1, recovery: 1 }, drawdownBudget: 0.12 }
limits: { default: { min: 0, max: 1 }, noTradeBand: 0.01 }
defaultCostBps: 10
cashInstrument: CASH
approvals: { required: 1, validityDays: 5 }
stage: shadow
`,
);
const config = file(
  'small.yaml',
  `id: small
prices: prices.csv
riskFree: { file: rates.csv, column: BILL }
from: 2019-03-01
to: 2020-12-31
costs: { proportional: 0.001 }
taxes: { shortTermRate: 0.37, longTermRate: 0.2 }
policy: over <lay>
portfolios:
  over <lay>: { kind: mandate, file: mandate.yaml, universe: universe.yaml, stress: EQ }
  mixed: { kind: anchor, weights: { EQ: 0.6, BOND: 0.4 } }
crises:
  - { name: storm, from: 2020-03-10, to: 2020-05-10 }
bootstrap: { seed: 1, draws: 100 }
`,
);

describe('the report of a backtest', () => {
  let run: BacktestRun;
  let html: string;
  beforeAll(async () => {
    const out = join(folder, 'report.html');
    run = await runBacktest(readBacktestConfig(config));
    writeReport(out, run, config);
    html = readFileSync(out, 'utf8');
  });

  it('needs nothing else: no request, no script, no number that does not exist', () => {
    expect(html).not.toMatch(/https?:|src=|<script|<link|@import|url\(/);
    expect(html).not.toMatch(/NaN|undefined|Infinity/);
    // nothing has no sign
    expect(html).not.toMatch(/[-+]0(\.0+)?(?![.\d])/);
  });

  it('tells the same figures as the result, in the order people expect', () => {
    const { statistics, resultHash } = run.result;
    expect(html).toContain(`${(100 * statistics.cagr).toFixed(2)} %`);
    expect(html).toContain(resultHash);
    expect(html).toContain(run.dataHash);
    const titles = [...html.matchAll(/<h2>([^<]+)<\/h2>/g)].map(([, title]) => title);
    expect(titles).toEqual([
      ...['In short', 'Figures', 'Growth', 'Drawdown', 'Target weights', 'Why weights changed'],
      ...['What the exposure depended on', 'By month'],
      ...['Deepest drawdowns', 'Rolling windows', 'By regime', 'In crises', 'Costs and trading', 'Judgement'],
      ...['Parameters and provenance', 'Disclosures'],
    ]);
  });

  it('shades stress, and escapes what stands in names', () => {
    expect(html).toMatch(/class="band"/);
    expect(html).toContain('over &#60;lay&#62;');
    expect(html).not.toContain('over <lay>');
  });

  it('shows the tax that the account paid', () => {
    expect(run.result.taxPerYear as number).toBeGreaterThanOrEqual(0);
    expect(html).toContain('tax paid');
  });

  it('knows light, dark and print', () => {
    expect(html).toMatch(/prefers-color-scheme:dark/);
    expect(html).toMatch(/@media print/);
  });

  it('writes tables that a spreadsheet reads', () => {
    writeTables(folder, run);
    const [head, first] = readFileSync(join(folder, 'values.csv'), 'utf8').split('\n');
    expect(head).toBe('date,over <lay>,mixed');
    expect(first.split(',')).toHaveLength(3);
    const ledger = readFileSync(join(folder, 'ledger.csv'), 'utf8').trim().split('\n');
    expect(ledger).toHaveLength(run.judged.dates.length + 1);
  });

  it('is the same file for the same run', async () => {
    const again = join(folder, 'again.html');
    writeReport(again, await runBacktest(readBacktestConfig(config)), config);
    expect(readFileSync(again, 'utf8')).toBe(html);
  });
});
