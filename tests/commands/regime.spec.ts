import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  backfill,
  feedFromObservations,
  parseImportProfile,
  readObservations,
  universeSchema,
  type Universe,
} from '@allostat/pipeline';
import { simulateMarket, simulationFiles } from '@allostat/quant';
import { parse } from 'csv-parse/sync';
import { parse as parseYaml } from 'yaml';
import { allostat } from '../line/line-processes';
import { writePriceFiles } from './signals-files';

interface Regimes {
  readonly model: string;
  readonly states: string[];
  readonly forecasts: { horizonBars: number }[];
  readonly dates: string[];
  readonly probabilities: number[][];
  readonly regime: string[];
  readonly alerts: { at: string; from: string; to: string; probability: number; causes: { feature: string }[] }[];
  readonly logScore: number | null;
}

const NAMES = ['expansion', 'tightening', 'crisis', 'recovery'];
const examples = join(__dirname, '../../examples');
const universe = join(examples, 'universes/demo.yaml');
const profile = join(examples, 'profiles/simulated-prices.yaml');
const folder = mkdtempSync(join(tmpdir(), 'allostat-regime-'));
const market = join(folder, 'prices.csv');
const marketText = simulationFiles(simulateMarket({ seed: 7, years: 12 }))[0].text;
writeFileSync(market, marketText);
const TRAIN_UNTIL = '2011-12-30';
const three = writePriceFiles(900);

async function regimes(prices: string, args: readonly string[] = []): Promise<Regimes> {
  const given = ['--universe', universe, '--prices', prices, '--profile', profile, '--train-until', TRAIN_UNTIL];
  const { code, stdout } = await allostat(['regime', '--json', ...given, ...args]);
  expect(code).toBe(0);
  return JSON.parse(stdout) as Regimes;
}

async function refused(args: readonly string[]): Promise<{ code: string; message: string; hint?: string }> {
  const { code, stdout } = await allostat(['regime', '--json', ...args]);
  expect(code).toBe(2);
  return (JSON.parse(stdout) as { error: { code: string; message: string; hint?: string } }).error;
}

jest.setTimeout(120_000);
afterAll(() => [folder, three.folder].forEach((path) => rmSync(path, { recursive: true, force: true })));

describe('allostat regime', () => {
  let whole: Regimes;
  let svg: string;
  beforeAll(async () => {
    const plot = join(folder, 'regimes.svg');
    whole = await regimes(market, ['--plot', plot]);
    svg = readFileSync(plot, 'utf8');
  });

  it('has a row of four probabilities and a name for every bar after the training window', () => {
    expect(whole.model).toBe('student-t-hmm');
    expect(whole.dates[0] > TRAIN_UNTIL).toBe(true);
    expect(whole.dates.length).toBeGreaterThan(900);
    for (const row of whole.probabilities) {
      expect(row).toHaveLength(4);
      expect(row.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 10);
    }
    expect([whole.probabilities.length, whole.regime.length]).toEqual([whole.dates.length, whole.dates.length]);
    expect(whole.regime.every((name) => NAMES.includes(name))).toBe(true);
    expect(Number.isFinite(whole.logScore)).toBe(true);
  });

  it('has an alert exactly where the name changes, with the probability of the new name and causes', () => {
    const changes = whole.regime.flatMap((name, i) =>
      i > 0 && name !== whole.regime[i - 1] ? [[whole.dates[i], whole.regime[i - 1], name]] : [],
    );
    expect(changes.length).toBeGreaterThan(0);
    // the first bar may itself be a change, from a name within the training window
    const later = whole.alerts.filter(({ at }) => at > whole.dates[0]);
    expect(later.map(({ at, from, to }) => [at, from, to])).toEqual(changes);
    for (const { at, to, probability, causes } of whole.alerts) {
      expect(probability).toBe(whole.probabilities[whole.dates.indexOf(at)][NAMES.indexOf(to)]);
      expect(causes.length).toBeGreaterThan(0);
    }
  });

  it('names the same regimes as the backfill of the live line', () => {
    const yaml = (file: string): unknown => parseYaml(readFileSync(file, 'utf8'));
    const read = universeSchema.parse(yaml(universe)) as Universe;
    const rows = parse(marketText) as string[][];
    const { observations } = readObservations(rows, parseImportProfile(yaml(profile), profile), market);
    const steps = backfill(read, feedFromObservations(observations, read), {
      trainUntil: TRAIN_UNTIL,
      versionOf: () => '1',
    });
    let step = steps.next();
    while (!step.done) step = steps.next();
    const { assessed } = step.value;
    expect(assessed.map(({ asOf }) => asOf)).toEqual(whole.dates);
    expect(assessed.map(({ regime }) => regime)).toEqual(whole.regime);
  });

  it('does not look ahead: a file that ends earlier gives the same path up to there', async () => {
    const end = whole.dates[400];
    const [header, ...lines] = marketText.trim().split('\n');
    const shorter = join(folder, 'shorter.csv');
    writeFileSync(shorter, [header, ...lines.filter((line) => line.slice(0, 10) <= end)].join('\n'));
    const part = await regimes(shorter);
    const n = part.dates.length;
    expect(n).toBeGreaterThan(395);
    expect(part.probabilities).toEqual(whole.probabilities.slice(0, n));
    expect(part.regime).toEqual(whole.regime.slice(0, n));
  });

  it('draws a band for each spell of a regime and an area for each probability', () => {
    expect(svg.startsWith('<svg ')).toBe(true);
    expect(svg.match(/class="regime"/g)).toHaveLength(whole.alerts.filter(({ at }) => at > whole.dates[0]).length + 1);
    expect(svg.match(/class="probability"/g)).toHaveLength(4);
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  });
});

describe('a challenger', () => {
  it('tells calm from wild in the same form, with changes and scored forecasts', async () => {
    const path = await regimes(market, ['--model', 'gaussian-hmm']);
    expect([path.model, path.states]).toEqual(['gaussian-hmm', ['calm', 'wild']]);
    expect(path.dates[0] > TRAIN_UNTIL).toBe(true);
    expect(path.probabilities.every((row) => Math.abs(row[0] + row[1] - 1) < 1e-9)).toBe(true);
    expect(path.regime.every((name) => path.states.includes(name))).toBe(true);
    expect(path.forecasts.map(({ horizonBars }) => horizonBars)).toEqual([1, 21, 63]);
  });
});

describe('allostat regime refuses', () => {
  const given = ['--universe', three.universe, '--prices', three.prices];
  const dataRows = readFileSync(three.prices, 'utf8').split('\n');

  it('a model that there is not, with those that there are', async () => {
    const { code, message, hint } = await refused([...given, '--model', 'gausian-hmm']);
    expect([code, hint]).toEqual(['REGIME.UNKNOWN_MODEL', 'did you mean gaussian-hmm?']);
    expect(message).toContain('student-t-hmm, gaussian-hmm, student-t-hmm-2, jump, markov-switching');
  });

  it('a history that is too short to train on, with what is needed', async () => {
    const prices = three.write('short.csv', dataRows.slice(0, 300).join('\n'));
    const { code, message } = await refused(['--universe', three.universe, '--prices', prices]);
    expect(code).toBe('REGIME.SHORT_HISTORY');
    expect(message).toContain('needs 500');
  });

  it('an end of training outside the file', async () => {
    const { message } = await refused([...given, '--train-until', '2030-01-01']);
    expect(message).toContain(three.dates[three.dates.length - 1]);
  });

  it('an instrument that no file has, an empty file, and a profile of another kind', async () => {
    const misspelt = three.write('misspelt.yaml', readFileSync(three.universe, 'utf8').replace('GOLD', 'GLOD'));
    expect((await refused(['--universe', misspelt, '--prices', three.prices])).hint).toBe('did you mean GOLD?');
    const empty = three.write('empty.csv', '');
    expect((await refused(['--universe', three.universe, '--prices', empty])).message).toContain('empty.csv');
    const macro = join(examples, 'profiles/fred-md.yaml');
    expect((await refused([...given, '--profile', macro])).message).toContain('kind macro');
  });

  it('a universe without equities', async () => {
    const bonds = three.write(
      'bonds.yaml',
      readFileSync(three.universe, 'utf8').replace('assetClass: equity', 'assetClass: alternative'),
    );
    expect((await refused(['--universe', bonds, '--prices', three.prices])).message).toContain('class equity');
  });
});
