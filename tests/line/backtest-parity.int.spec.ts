import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canonicalJson, sha256Hex } from '@allostat/kernel';
import {
  backfill,
  decideRegime,
  decideSignals,
  isOpenDay,
  latestKnown,
  mandatePolicy,
  modelVersion,
  simulatedFeed,
  simulatedUniverse,
  type AllocationProposed,
  type Backfill,
  type RegimeAssessed,
} from '@allostat/pipeline';
import { simulateMarket, simulatePortfolio, type MarketHistory } from '@allostat/quant';
import { describeWith } from '@allostat/testkit';
import { readMandate } from '../../services/allostat/src/files/read-mandate';
import { allostat } from './line-processes';

const BARS = 90;
const YEARS = 10;
const SEED = 7;
/** What the simulated order system charges, one way. */
const COST = 5e-4;

const universe = simulatedUniverse(simulateMarket({ seed: SEED, years: YEARS }));
const example = (name: string): string => join(__dirname, `../../examples/mandates/${name}.yaml`);

/** The assessments of the last bars, made by the line's own decisions without the line. */
function assessments(): { history: Backfill; bars: RegimeAssessed[] } {
  const deliveries = simulatedFeed(simulateMarket({ seed: SEED, years: YEARS }));
  const past = deliveries.slice(0, -BARS);
  const trainUntil = past[Math.floor(past.length * 0.55)].barClose as string;
  const steps = backfill(universe, past, { trainUntil, versionOf: (model) => modelVersion(model.training.to, model) });
  let step = steps.next();
  while (!step.done) step = steps.next();
  const history = step.value;
  let { signals, regime } = history;
  const bars: RegimeAssessed[] = [];
  for (const delivery of deliveries.slice(-BARS)) {
    const now = latestKnown(delivery);
    const read = decideSignals(delivery, signals, { now });
    signals = read.state;
    for (const event of read.events) {
      if (event.type !== 'SignalSnapshotPublished') continue;
      const assessed = decideRegime(event, regime, { now: event.knownTime });
      regime = assessed.state;
      bars.push(...assessed.events.filter((e): e is RegimeAssessed => e.type === 'RegimeAssessed'));
    }
  }
  return { history, bars };
}

/** The closes of the bars behind a first row on which the account is set up at the anchor. */
function marketOf(bars: readonly RegimeAssessed[]): MarketHistory {
  const assets = universe.instruments.map(({ id }) => id);
  const closes = bars.map(({ instruments }) => new Map(instruments.map(({ id, close }) => [id, close])));
  const level = (row: number, asset: string): number => closes[row].get(asset) ?? NaN;
  return {
    dates: ['2000-01-01', ...bars.map(({ asOf }) => asOf)],
    assets,
    levels: Float64Array.from([0, ...bars.keys()].flatMap((row) => assets.map((asset) => level(row, asset)))),
  };
}

describeWith(['postgres'], 'a mandate in the backtest and in the line', () => {
  let home: string;
  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'allostat-parity-'));
  });
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  it.each([
    ['demo-balanced', 'XNYS'],
    ['demo-objectives', 'none'],
  ] as const)(
    'of %s on the calendar %s gets the same weights to the last decimal from the same bars, and the same account of its own decisions',
    async (name, calendar) => {
      const file = join(home, `${name}.yaml`);
      const text = readFileSync(example(name), 'utf8');
      writeFileSync(file, calendar === 'none' ? text : text.replace('rebalance:', `calendar: ${calendar}\nrebalance:`));
      const mandate = readMandate(file, universe);
      const run = [
        'up',
        '--once',
        '--approve',
        'pilot',
        '--bars',
        String(BARS),
        '--years',
        String(YEARS),
        '--seed',
        String(SEED),
        '--mandate',
        file,
        '--json',
      ];
      const live = await allostat(run, { ALLOSTAT_HOME: home });
      expect({ code: live.code, stderr: live.stderr }).toEqual({ code: 0, stderr: '' });
      const summary = JSON.parse(live.stdout) as {
        proposals: number;
        instructions: number;
        weightsHash: string;
        surrogatesHash: string;
      };

      const { history, bars } = assessments();
      const market = marketOf(bars);
      const proposals: AllocationProposed[] = [];
      const closedRows = new Set(market.dates.flatMap((date, row) => (isOpenDay(mandate.calendar, date) ? [] : [row])));
      const policy = mandatePolicy({
        mandate,
        universe,
        risk: history.risk,
        closedRows,
        assessedAt: (row) => bars[row - 1],
        observe: (event) => {
          if (event.type === 'AllocationProposed') proposals.push(event);
        },
      });
      simulatePortfolio(market, policy, {
        firstRow: 1,
        scheduledRows: [],
        everyRow: true,
        closedRows,
        costs: { proportional: COST },
        initialWeights: market.assets.map((asset) => mandate.anchorWeights[asset] ?? 0), // not in the anchor
      });
      expect(summary.instructions).toBeGreaterThanOrEqual(5);
      expect(proposals).toHaveLength(summary.proposals);
      const hash = sha256Hex(
        canonicalJson(
          proposals.map(({ mandateId, asOf, weights }) => ({
            mandateId,
            asOf,
            weights: weights.map(({ instrument, targetWeight }) => [instrument, targetWeight]),
          })),
        ),
      );
      expect(hash).toBe(summary.weightsHash);
      expect(proposals.at(-1)?.surrogate?.tree.rows).toBeGreaterThan(8);
      const trees = proposals.map(({ mandateId, asOf, surrogate }) => ({ mandateId, asOf, tree: surrogate?.tree }));
      expect(sha256Hex(canonicalJson(trees))).toBe(summary.surrogatesHash);
      if (calendar !== 'none') {
        const off = [...closedRows].filter((row) => row > 0).map((row) => market.dates[row]);
        expect(off.length).toBeGreaterThan(0);
        for (const { asOf } of proposals) expect(off).not.toContain(asOf);
      }
    },
    120_000,
  );
});
