import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRng } from '@allostat/kernel';
import { readAllocateConfig, type AllocateConfig } from './allocate-config';
import { readReturnsFile } from './allocate-file';
import { ALLOCATE_METHODS, type AllocateMethod } from './allocate-methods';
import { runAllocate } from './allocate-run';

const folder = mkdtempSync(join(tmpdir(), 'allostat-allocate-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const rng = createRng(6);
const table = Array.from({ length: 120 }, (_, t) => {
  const market = rng.normal();
  const day = new Date(Date.UTC(2024, 0, 1 + t)).toISOString().slice(0, 10);
  return [day, ...[1, 2, 3, 4].map((k) => (0.0005 * k + 0.003 * k * (0.5 * market + rng.normal())).toFixed(8))];
});
const text = ['date,AAA,BBB,CCC,DDD', ...table.map((row) => row.join(','))].join('\n');
const good = file('returns.csv', text);
const read = (path: string, missing: 'refuse' | 'drop' = 'refuse') =>
  readReturnsFile({ file: path, kind: 'auto', missing });

describe('allostat allocate', () => {
  const { panel } = read(good);
  const extra: Partial<Record<AllocateMethod, AllocateConfig>> = {
    'risk-budget': { budget: { AAA: 4, BBB: 3, CCC: 2, DDD: 1 } },
    multi: {
      objective: { cvar: 1, tradingCost: 1 },
      previousWeights: { AAA: 1 },
      costs: { linear: 0.001 },
      limits: { maxTurnover: 0.5, maxCdar: 0.2 },
    },
  };

  it.each(ALLOCATE_METHODS)('allocates by %s', async (method) => {
    const outcome = await runAllocate(panel, method, extra[method] ?? {});
    if (outcome.status !== 'allocated') throw new Error(outcome.status);
    expect(outcome.weights.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 10);
    expect(outcome.riskContributions.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 10);
    expect(outcome.certificate.primalResidual).toBeLessThan(1e-8);
    expect(JSON.stringify(outcome)).not.toContain('null,null,null');
  });

  it('gives the same document on every run', async () => {
    const run = async (): Promise<string> => JSON.stringify(await runAllocate(panel, 'min-cvar', {}));
    expect(await run()).toBe(await run());
  });

  it('names limits in conflict', async () => {
    const outcome = await runAllocate(panel, 'min-cvar', { limits: { default: { min: 0.3 } } });
    expect(outcome).toMatchObject({ status: 'infeasible', conflict: { limits: ['minimum weight'] } });
  });

  it('refuses a limit that the method cannot hold, and a ratio of losses', async () => {
    await expect(runAllocate(panel, 'hrp', { limits: { maxCvar: 0.1 } })).rejects.toThrow(
      'cannot hold the limit maxCvar',
    );
    const losing = { ...panel, values: panel.values.map((value) => value - 0.05) };
    await expect(runAllocate(losing, 'max-ratio', {})).rejects.toThrow('no portfolio within the limits');
  });

  it('holds a limit on the number of names', async () => {
    const outcome = await runAllocate(panel, 'min-cvar', { limits: { cardinality: 2 } });
    if (outcome.status !== 'allocated') throw new Error(outcome.status);
    expect(outcome.weights.filter((value) => value > 1e-9)).toHaveLength(2);
  });
});

describe('a file for allostat allocate', () => {
  it('is taken for prices when all numbers are positive', () => {
    const prices = file('prices.csv', 'date,A,B\n2024-01-01,100,50\n2024-01-02,110,49\n2024-01-03,99,50\n');
    const { kind, panel } = read(prices);
    expect(kind).toBe('prices');
    expect(panel.values[0]).toBeCloseTo(0.1, 14);
  });

  it.each([
    ['empty', '', 'is empty'],
    ['header only', 'date,A,B\n', 'there are 0 periods of returns'],
    ['no date column', 'day,A\n2024-01-01,0.1\n', 'it must be date,ASSET,ASSET'],
    ['percentages', 'date,A,B\n2024-01-01,1.5,-0.4\n2024-01-02,-0.8,2\n2024-01-03,0.7,-1\n', 'look like percentages'],
    ['a word', 'date,A\n2024-01-01,0.01\n2024-01-02,abc\n', '"abc" for A in row 3'],
    ['infinity', 'date,A\n2024-01-01,0.01\n2024-01-02,Infinity\n', 'not a finite number'],
    ['a gap', 'date,A,B\n2024-01-01,0.01,0.02\n2024-01-02,,-0.01\n', 'A has no value in row 3'],
    ['dates that fall', 'date,A\n2024-01-02,0.01\n2024-01-01,-0.02\n', 'dates must rise'],
    ['a short row', 'date,A,B\n2024-01-01,0.01\n', 'has 2 columns, the header has 3'],
    ['a name twice', 'date,A,A\n2024-01-01,0.01,0.01\n2024-01-02,-0.01,0.01\n', 'asset A occurs twice'],
  ])('with %s is refused with the reason', (name, content, reason) => {
    expect(() => read(file(`${name}.csv`, content))).toThrow(reason);
  });

  it('loses only the rows with gaps when asked to', () => {
    const gaps = file('gaps.csv', 'date,A\n2024-01-01,0.01\n2024-01-02,\n2024-01-03,-0.02\n');
    expect(read(gaps, 'drop')).toMatchObject({ dropped: 1, dates: ['2024-01-01', '2024-01-03'] });
  });
});

describe('a config for allostat allocate', () => {
  it('names file, line and key of what it cannot read', () => {
    const path = file('bad.yaml', 'riskFree: 0\nlimits:\n  default: { min: 0 }\n  maxCvaR: 0.1\n');
    expect(() => readAllocateConfig(path)).toThrow(/bad\.yaml:4: limits\.maxCvaR: Unrecognized key/);
    expect(() => readAllocateConfig(file('type.yaml', 'confidence: high\n'))).toThrow(/type\.yaml:1: confidence/);
  });
});
