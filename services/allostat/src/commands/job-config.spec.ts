import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRng } from '@allostat/kernel';
import { jobResult, runSlice, slicesOf, type JobSpec, type SliceResult } from '@allostat/pipeline';
import { examplesFolder } from '../files/examples-folder';
import { readBacktestConfig } from './backtest-config';
import { readJobConfig } from './job-config';
import { runBacktest } from './run-backtest';

const folder = mkdtempSync(join(tmpdir(), 'allostat-jobs-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

const rng = createRng(5);
const days = Array.from({ length: 500 }, (_, t) => new Date(Date.UTC(2020, 0, 1 + t)).toISOString().slice(0, 10));
const level = [100, 100, 100, 100];
const rows = days.map((day) => {
  [0.012, 0.004, 0.008, 0.02].forEach((size, i) => (level[i] *= 1 + 0.0003 + size * rng.normal()));
  return [day, ...level.map((value) => value.toFixed(6))].join(',');
});
file('prices.csv', ['date,EQ,BOND,GOLD,OIL', ...rows].join('\n'));
file('rates.csv', ['date,BILL', ...days.map((day) => `${day},0.00004`)].join('\n'));

const history = `
prices: prices.csv
riskFree: { file: rates.csv, column: BILL }
from: 2020-05-01
to: 2021-04-30
`;
const backtest = file(
  'backtest.yaml',
  `id: small\n${history}
costs: { proportional: 0.001 }
policy: mixed
portfolios:
  mixed: { kind: anchor, weights: { EQ: 0.6, BOND: 0.4 } }
  target: { kind: volatility-target, weights: { EQ: 0.6, BOND: 0.4 } }
  tree: { kind: hierarchical-risk-parity, assets: [EQ, BOND, GOLD], bars: 60 }
`,
);
const slices = (spec: JobSpec): SliceResult[] => Array.from({ length: slicesOf(spec) }, (_, k) => runSlice(spec, k));

describe('the configuration of a job', () => {
  it('of a backtest is that of the command, and every portfolio comes to the same result', async () => {
    const spec = readJobConfig(file('job.yaml', 'kind: backtest\nname: small\nbacktest: backtest.yaml'));
    const { runs, result } = await runBacktest(readBacktestConfig(backtest));
    const { summary } = jobResult(spec, slices(spec));
    const found = summary as Record<string, { resultHash: string; statistics: object }>;
    expect(Object.keys(found)).toEqual(['mixed', 'target', 'tree']);
    for (const [name, { resultHash }] of Object.entries(found)) expect(resultHash).toBe(runs.get(name)?.resultHash);
    expect(found.mixed.statistics).toEqual(result.statistics);
    // columns that no portfolio holds stay at home
    expect((spec as Extract<JobSpec, { kind: 'backtest' }>).market.assets).toEqual(['EQ', 'BOND', 'GOLD']);
  });

  it('of a validation carries the history between its dates', () => {
    const scheme = 'scheme: { type: walk-forward, trainBars: 120, testBars: 20 }';
    const text = `kind: validation\nname: small\n${history}${scheme}\npolicies: { even: { kind: equal-weight } }`;
    const spec = readJobConfig(file('validation.yaml', text));
    expect(slicesOf(spec)).toBe(Math.floor((364 - 120 - 1) / 20));
    expect(jobResult(spec, slices(spec)).summary).toMatchObject({ even: { paths: 1 } });
    const bad = text
      .replace('walk-forward', 'combinatorial-purged')
      .replace('trainBars: 120, testBars: 20', 'folds: 4, testFolds: 4');
    expect(() => readJobConfig(file('bad.yaml', bad))).toThrow(
      /bad.yaml:\d+: scheme.testFolds: must be less than folds/,
    );
    const unknown = text.replace('kind: equal-weight', 'kind: equal-weigth');
    expect(() => readJobConfig(file('bad.yaml', unknown))).toThrow(/policies.even.kind/);
  });

  it('stands in examples that run where their data is', () => {
    const examples = readdirSync(join(examplesFolder(), 'jobs'));
    expect(examples.length).toBeGreaterThan(2);
    if (!existsSync(join(examplesFolder(), '../../shared/data/etf37'))) {
      console.warn('skipped the examples of jobs: there is no ../shared/data/etf37');
      return;
    }
    for (const name of examples) {
      expect(slicesOf(readJobConfig(join(examplesFolder(), 'jobs', name)))).toBeGreaterThan(10);
    }
  });
});
