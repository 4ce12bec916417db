import { createRng } from '@allostat/kernel';
import { riskContributions } from '@allostat/quant';
import { SAMPLE_MANDATE } from '../mandate/sample-mandate';
import type { Construction, Mandate } from '../mandate/mandate';
import type { RegimeAssessed } from '../regime-detection/events';
import { blendedCovariance, coreVolatility, coreWeights } from './core-weights';
import { estimateRiskModel, initialRiskModelState, type RiskModel } from './risk-model';

const ids = ['A', 'B', 'C', 'D', 'LATE', 'CASH'];
const rows = 600;
const returns: number[][] = [];

/** Two pairs that move together, one fund that is listed on bar 500, and cash. */
function model(): RiskModel {
  const rng = createRng(12);
  let state = initialRiskModelState();
  let found: RiskModel | undefined;
  for (let t = 0; t < rows; t++) {
    const [f, g] = [rng.normal(), rng.normal()];
    const moves = [
      0.01 * f,
      0.006 * (f + rng.normal()),
      0.003 * g,
      0.004 * (g + rng.normal()),
      0.01 * rng.normal(),
      1e-5,
    ];
    returns.push(moves);
    const instruments = ids.map((id, i) => ({
      id,
      close: 100,
      ...(id === 'LATE' && t < 500 ? {} : { return: moves[i] }),
      staleBars: 0,
    }));
    const bar: Pick<RegimeAssessed, 'universeId' | 'asOf' | 'instruments'> = {
      universeId: 'u',
      asOf: '2024-01-01',
      instruments,
    };
    ({ state, model: found } = estimateRiskModel(bar, state));
  }
  return found as RiskModel;
}

const made = model();
const priced = new Set(ids);
const construction: Construction = {
  core: 'group-budgets',
  groups: [
    { name: 'growth', instruments: ['A', 'B', 'LATE'], budget: 0.3 },
    { name: 'safe', instruments: ['C', 'D'], budget: 0.7 },
  ],
  tilt: 0,
  drawdownControl: false,
  band: 0.15,
};
const mandate = (change: Partial<Construction>, max = 1): Mandate & { readonly construction: Construction } => ({
  ...SAMPLE_MANDATE,
  anchorWeights: { A: 0.5, C: 0.3, LATE: 0.2 },
  cashInstrument: 'CASH',
  limits: { default: { min: 0, max }, noTradeBand: 0 },
  construction: { ...construction, ...change },
});
const anchored = (): ReturnType<typeof mandate> => {
  const { groups: _groups, ...rest } = construction;
  return { ...mandate({}), construction: { ...rest, core: 'anchor' } };
};

describe('the core of group risk budgets', () => {
  it('gives each group its share of risk', () => {
    const core = coreWeights(mandate({}), made, { priced }) ?? [];
    const covariance = blendedCovariance(made);
    const weights = covariance.assets.map((id) => core.find((entry) => entry.id === id)?.weight ?? 0);
    const { contributions } = riskContributions(weights, covariance);
    const share = (members: readonly string[]): number =>
      covariance.assets.reduce((sum, id, i) => sum + (members.includes(id) ? contributions[i] : 0), 0);
    expect(share(['A', 'B'])).toBeCloseTo(0.3, 9);
    expect(share(['C', 'D'])).toBeCloseTo(0.7, 9);
    expect(core.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12);
  });

  it('leaves out what has less than a year of returns, and what has no price', () => {
    const core = coreWeights(mandate({}), made, { priced });
    expect(core?.map(({ id }) => id)).toEqual(['A', 'B', 'C', 'D']);
    const without = coreWeights(mandate({}), made, { priced: new Set(['A', 'C', 'D']) });
    expect(without?.map(({ id }) => id)).toEqual(['A', 'C', 'D']);
  });

  it('gives what stands above the cap to the others in proportion', () => {
    const free = coreWeights(mandate({}), made, { priced }) ?? [];
    const capped = coreWeights(mandate({}, 0.35), made, { priced }) ?? [];
    expect(Math.max(...free.map(({ weight }) => weight))).toBeGreaterThan(0.35);
    expect(Math.max(...capped.map(({ weight }) => weight))).toBeCloseTo(0.35, 12);
    const ratio = (core: typeof free): number => core[0].weight / core[1].weight;
    expect(ratio(capped)).toBeCloseTo(ratio(free), 9);
  });
});

describe('the anchor as core', () => {
  it('is what was agreed, shared out among what has a price', () => {
    expect(coreWeights(anchored(), made, { priced })).toEqual([
      { id: 'A', weight: 0.5 },
      { id: 'C', weight: 0.3 },
      { id: 'LATE', weight: 0.2 },
    ]);
    const held = coreWeights(anchored(), made, { priced: new Set(['A', 'C']) });
    expect(held?.map(({ id, weight }) => [id, Number(weight.toFixed(12))])).toEqual([
      ['A', 0.625],
      ['C', 0.375],
    ]);
    expect(coreWeights(anchored(), made, { priced: new Set(['B']) })).toBeUndefined();
  });

  it('has the volatility of its own returns: of the last ones, and over the whole past', () => {
    const core = [
      { id: 'A', weight: 0.6 },
      { id: 'C', weight: 0.4 },
    ];
    const own = returns.map((row) => 0.6 * row[0] + 0.4 * row[2]);
    const mean = own.reduce((sum, value) => sum + value, 0) / rows;
    const longRun = Math.sqrt((252 * own.reduce((sum, value) => sum + (value - mean) ** 2, 0)) / (rows - 1));
    let weighted = 0;
    let weight = 0;
    for (const value of own) {
      weighted = 0.5 ** (1 / 40) * weighted + value * value;
      weight = 0.5 ** (1 / 40) * weight + 1;
    }
    const found = coreVolatility(core, made);
    expect(found?.longRun).toBeCloseTo(longRun, 12);
    expect(found?.forecast).toBeCloseTo(Math.sqrt((252 * weighted) / weight), 12);
  });
});
