import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRng } from '@allostat/kernel';
import { examplesFolder } from '../files/examples-folder';
import { readBacktestConfig } from './backtest-config';
import { backtestLines } from './backtest-lines';
import { runBacktest, type BacktestResult } from './run-backtest';

const folder = mkdtempSync(join(tmpdir(), 'allostat-backtest-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const rng = createRng(3);
const days = Array.from({ length: 700 }, (_, t) => new Date(Date.UTC(2020, 0, 1 + t)).toISOString().slice(0, 10));
const level = [100, 100, 100];
const rows = days.map((day) => {
  [0.012, 0.004, 0.008].forEach((volatility, i) => (level[i] *= 1 + 0.0003 + volatility * rng.normal()));
  return [day, ...level.map((value) => value.toFixed(6))].join(',');
});
file('prices.csv', ['date,EQ,BOND,GOLD', ...rows].join('\n'));
file('rates.csv', ['date,BILL', ...days.map((day) => `${day},0.00004`)].join('\n'));
file('regimes.csv', ['date,regime', ...days.map((day, t) => `${day},${t % 50 < 25 ? 'calm' : 'storm'}`)].join('\n'));

const text = `
id: small
prices: prices.csv
riskFree: { file: rates.csv, column: BILL }
from: 2020-06-01
to: 2021-11-01
costs: { proportional: 0.001 }
policy: target
portfolios:
  target: { kind: volatility-target, weights: { EQ: 0.6, BOND: 0.4 } }
  mixed: { kind: anchor, weights: { EQ: 0.6, BOND: 0.4 } }
  tree: { kind: hierarchical-risk-parity, assets: [EQ, BOND, GOLD], bars: 60 }
crises:
  - { name: summer, from: 2021-06-01, to: 2021-08-31 }
regimes: { file: regimes.csv, column: regime }
bootstrap: { seed: 1, draws: 100 }
`;

describe('allostat backtest', () => {
  let result: BacktestResult;
  beforeAll(async () => {
    ({ result } = await runBacktest(readBacktestConfig(file('good.yaml', text))));
  });

  it('has the keys that others rely on', () => {
    expect(Object.keys(result)).toEqual(
      expect.arrayContaining([
        ...['statistics', 'gross', 'benchmarks', 'regimes', 'deflatedSharpe', 'pbo', 'trials', 'weights', 'resultHash'],
      ]),
    );
    expect(Object.keys(result.statistics)).toEqual(
      expect.arrayContaining([
        ...['cagr', 'volatility', 'sharpe', 'sortino', 'maxDrawdown', 'cdar95', 'cvar95', 'calmar'],
        ...['turnoverPerYear', 'costPerYear'],
      ]),
    );
    expect(Object.keys(result.benchmarks)).toEqual(['mixed', 'tree']);
    expect(Object.keys(result.regimes)).toEqual(['calm', 'storm']);
    expect(result.trials).toBe(3);
    expect(result.weights[0].date).toBe('2020-06-01');
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
  });

  it('is worse after cost than before, by the cost', () => {
    const { statistics, gross } = result;
    expect(statistics.costPerYear).toBeGreaterThan(0);
    expect(gross.cagr - statistics.cagr).toBeGreaterThan(0.8 * statistics.costPerYear);
    // one-way turnover costs twice its rate: what is bought was paid for by something sold
    expect(statistics.costPerYear).toBeCloseTo(2 * 0.001 * statistics.turnoverPerYear, 12);
  });

  it('repeats to the last bit', async () => {
    const again = await runBacktest(readBacktestConfig(join(folder, 'good.yaml')));
    expect(again.result).toEqual(result);
  });

  it('turns what was delisted into cash, and counts the loss', async () => {
    const gone = `${text}delistings: [{ asset: GOLD, date: ${days[400]}, recovery: 0.3 }]\n`;
    const cut = ['date,EQ,BOND,GOLD', ...rows.map((row, t) => (t < 400 ? row : row.replace(/[^,]*$/, '')))];
    file('listed.csv', cut.join('\n'));
    const listed = gone.replace('prices: prices.csv', 'prices: listed.csv');
    const { runs } = await runBacktest(readBacktestConfig(file('gone.yaml', listed)));
    const path = runs.get('tree')?.values as Float64Array;
    const at = runs.get('tree')?.dates.indexOf(days[400]) as number;
    expect(path[at] / path[at - 1]).toBeLessThan(0.97);
    const without = file('gone.yaml', listed.replace(/delistings.*/, ''));
    await expect(runBacktest(readBacktestConfig(without))).rejects.toThrow(/GOLD/);
  });

  it('goes on from what a checkpoint holds, and comes to the same result', async () => {
    const checkpoint = join(folder, 'runs');
    const config = () => readBacktestConfig(join(folder, 'good.yaml'));
    expect((await runBacktest(config(), { checkpoint })).result).toEqual(result);
    const kept = readdirSync(checkpoint);
    expect(kept).toHaveLength(3);
    // one is lost: it alone is run again
    rmSync(join(checkpoint, kept[1]));
    const before = statSync(join(checkpoint, kept[0])).mtimeMs;
    expect((await runBacktest(config(), { checkpoint })).result).toEqual(result);
    expect(readdirSync(checkpoint).sort()).toEqual(kept.sort());
    expect(statSync(join(checkpoint, kept[0])).mtimeMs).toBe(before);
    // another price, cost or setting is another run
    const dearer = readBacktestConfig(file('dearer.yaml', text.replace('proportional: 0.001', 'proportional: 0.002')));
    expect((await runBacktest(dearer, { checkpoint })).result.resultHash).not.toBe(result.resultHash);
    expect(readdirSync(checkpoint)).toHaveLength(6);
  });

  it('deflates more when more was tried', async () => {
    const { result: more } = await runBacktest(readBacktestConfig(file('more.yaml', `${text}\ntrials: 60`)));
    expect(more.deflatedSharpe as number).toBeLessThan(result.deflatedSharpe as number);
    expect(more.resultHash).toBe(result.resultHash);
  });

  it('runs the policy again with one number changed, and says what dearer trading, other settings and more money do to it', async () => {
    const wide = ['date,EQ,BOND', ...days.map((day) => `${day},1000000,1000000`)].join('\n');
    file('volumes.csv', wide);
    const more = text
      .replace('riskFree:', 'volumes: volumes.csv\nstartValue: 100000\nriskFree:')
      .replace(
        'tree: { kind: hierarchical-risk-parity, assets: [EQ, BOND, GOLD], bars: 60 }',
        'even: { kind: equal-weight, assets: [EQ, BOND] }',
      )
      .replace('proportional: 0.001', 'proportional: 0.001, impact: { coefficient: 1, initialVolatility: 0.01 }')
      .concat(
        'sensitivity: { parameters: { targetShare: [0.5] }, costs: [0, 0.01], startValues: [100000, 100000000] }\nrollingBars: 60\n',
      );
    const { result: found } = await runBacktest(readBacktestConfig(file('more.yaml', more)));
    const row = (value: number) => found.sensitivity?.find((entry) => entry.value === value)?.statistics;
    expect(found.sensitivity?.map(({ what }) => what)).toEqual([
      ...['parameter', 'cost', 'cost', 'start value', 'start value'],
    ]);
    expect(row(0.5)?.volatility as number).toBeLessThan(found.statistics.volatility);
    expect(row(0)?.cagr as number).toBeGreaterThan(row(0.01)?.cagr as number);
    expect(row(100000)).toEqual(found.statistics);
    expect(row(100000000)?.costPerYear as number).toBeGreaterThan(5 * found.statistics.costPerYear);
    expect(Object.keys(found.rolling)).toEqual(['target', 'mixed', 'even']);
    expect(found.rolling.target.windows).toBe(found.days - 60);
    expect(Object.keys(found.superiorAbility ?? {})).toEqual(['mixed', 'even']);
    const lines = backtestLines(found).join('\n');
    expect(lines).toContain('with start value 100000000');
    expect(lines).toContain('windows of 60 returns');
  });

  it('tells a person the same figures', () => {
    const lines = backtestLines(result).join('\n');
    expect(lines).toContain(`${(100 * result.statistics.cagr).toFixed(2)} %`);
    expect(lines).toContain('traded 1 close after the decision');
    expect(lines).toContain('summer');
  });

  it('delivers an example that its own reader accepts', () => {
    const example = readBacktestConfig(join(examplesFolder(), 'backtests', 'etf37-default.yaml'));
    expect(example.value.policy).toBe('60/40 overlay');
    expect(Object.keys(example.value.portfolios)).toHaveLength(13);
    expect(example.value.delayBars).toBe(1);
  });

  it.each<[string, (good: string) => string, RegExp]>([
    ['a field that nobody knows', (good) => `${good}\nstrat: 1`, /strat: is not a known field/],
    ['a percent for a decimal', (good) => good.replace('proportional: 0.001', 'proportional: 10'), /:7: costs/],
    [
      'an unknown policy',
      (good) => good.replace('policy: target', 'policy: tarhet'),
      /:8: policy: there is no portfolio/,
    ],
    [
      'weights above 1',
      (good) => good.replace('BOND: 0.4 } }\n  tree', 'BOND: 0.9 } }\n  tree'),
      /weights add up to 1.5/,
    ],
    ['an unknown column', (good) => good.replace('assets: [EQ, BOND, GOLD]', 'assets: [EQ, BONDS]'), /no column BONDS/],
    ['an end before its start', (good) => good.replace('to: 2021-11-01', 'to: 2019-01-01'), /does not lie after/],
    [
      'a setting that the policy does not have',
      (good) => `${good}sensitivity: { parameters: { tilt: [0.1] } }`,
      /:17: sensitivity.parameters.tilt: is not a number of the kind volatility-target/,
    ],
    [
      'sizes without frictions that grow',
      (good) => `${good}sensitivity: { startValues: [1000000] }`,
      /a larger account trades as cheaply/,
    ],
    ['fewer trials than portfolios', (good) => `${good}\ntrials: 2`, /less than the 3 portfolios/],
    [
      'a rate file without the column',
      (good) => good.replace('column: BILL', 'column: BIL'),
      /date and BIL are needed/,
    ],
  ])('refuses %s and says where', async (_name, change, message) => {
    const path = file('bad.yaml', change(text));
    await expect((async () => runBacktest(readBacktestConfig(path)))()).rejects.toThrow(message);
  });
});
