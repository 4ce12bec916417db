import { REGIME_NAMES, type RegimeProbabilities } from '../regime-detection/events';
import type { RiskBudgetSet } from '../risk-budgeting/events';
import type { RiskModel } from '../risk-budgeting/risk-model';
import { proposalFacts } from './proposal-facts';

const ROWS = 252;
const even: RegimeProbabilities = { expansion: 0.25, tightening: 0.25, crisis: 0.25, recovery: 0.25 };
const crisis: RegimeProbabilities = { expansion: 0, tightening: 0, crisis: 1, recovery: 0 };
const moveOf = (t: number, i: number): number => (((t * 7919 + i * 104729 + t * t * 31) % 1000) / 1000) * 0.06 - 0.03;

/** A year of scenarios of two instruments; `beliefs` are those of each row. */
function modelOf(beliefs: (row: number) => RegimeProbabilities, rows = ROWS): RiskModel {
  const values = Array.from({ length: rows }, (_, t) => [
    moveOf(t, 0),
    moveOf(t, 1),
    ...REGIME_NAMES.map((name) => beliefs(t)[name]),
  ]).flat();
  const assets = ['EQ', 'BOND'];
  return {
    universeId: 'u',
    asOf: '2024-01-31',
    assets,
    covariance: [0.04, 0, 0, 0.01],
    uncovered: [],
    regimes: { moments: [], scenarios: { assets, rows, stressed: 0, values } },
  };
}

const weights = new Map([
  ['EQ', 0.4],
  ['BOND', 0.35],
  ['CASH', 0.25],
]);
const factsOf = (model: RiskModel, forecast: RegimeProbabilities, held: ReadonlyMap<string, number> = weights) => {
  const budget = { forecast, drawdownBudgetUsed: 0.5 } as RiskBudgetSet;
  const { cvar95, cvar95FromScenarios } = proposalFacts(budget, held, { model, volatility: 0.1 });
  return [cvar95, cvar95FromScenarios];
};
const { regimes: _regimes, ...plain } = modelOf(() => even);

describe('the conditional value at risk that policies are told of', () => {
  // minimum of Rockafellar and Uryasev's linear program (2000), solved by HiGHS in SciPy 1.17.1, times the root of 21 bars
  it.each<[string, RiskModel, RegimeProbabilities, number]>([
    ['alike', modelOf(() => even), even, 0.06889378834429538],
    ['by the forecast', modelOf((t) => (t < 100 ? crisis : { ...even, crisis: 0 })), crisis, 0.07008059913996535],
  ])('is that of the scenarios, weighted %s', (_how, model, forecast, expected) => {
    const [cvar95, fromScenarios] = factsOf(model, forecast);
    expect(cvar95).toBeCloseTo(expected, 12);
    expect(fromScenarios).toBe(true);
  });

  it('is that of the normal law, as SciPy gives it, without scenarios, with too few of them, and of cash alone', () => {
    for (const found of [
      factsOf(plain, even),
      factsOf(
        modelOf(() => even, 200),
        even,
      ),
      factsOf(
        modelOf(() => even),
        even,
        new Map([['CASH', 1]]),
      ),
    ]) {
      expect(found[0]).toBeCloseTo(0.05954538973376511, 15);
      expect(found[1]).toBeUndefined();
    }
  });

  it('is zero where the worst twentieth still gains', () => {
    const model = modelOf(() => even);
    const values = Array.from(model.regimes?.scenarios.values ?? [], (v, e) => (e % 6 < 2 ? 0.001 : v));
    const gains = { ...model, regimes: { moments: [], scenarios: { ...model.regimes?.scenarios, values } } };
    expect(factsOf(gains as RiskModel, even)).toEqual([0, true]);
  });
});
