import { findLookAhead, simulatePortfolio, type PortfolioPolicy } from '@allostat/quant';
import { mandatePolicy } from '../backfill/mandate-policy';
import type { Construction, Mandate } from '../mandate/mandate';
import { SAMPLE_MANDATE, SAMPLE_UNIVERSE } from '../mandate/sample-mandate';
import { factorsOf, type RiskBudgetSet } from '../risk-budgeting/events';
import { drawdownScale } from '../risk-budgeting/volatility-target';
import { brokenClaims } from './claims';
import type { AllocationProposed, AllocationUnchanged } from './events';
import { weightAt, weightWithTrend } from './counterfactuals';
import { stormMarket, stormOptions as options, stormRegimeAt as regimeAt } from './storm-market.fixture';

const overlay: Construction = {
  core: 'anchor',
  volatilityShare: 0.8,
  tilt: 0.25,
  drawdownControl: true,
  drawdownMultiple: 1.5,
  regimeCut: 0.6,
  band: 0.15,
};
const scratch: Construction = {
  ...overlay,
  core: 'group-budgets',
  groups: [
    { name: 'growth', instruments: ['EQ'], budget: 0.5 },
    { name: 'safe', instruments: ['BOND', 'GOLD'], budget: 0.5 },
  ],
};
const mandate = (
  construction: Construction,
  limits: Partial<Mandate['limits']> = {},
  risk: Partial<Mandate['risk']> = {},
): Mandate => ({
  ...SAMPLE_MANDATE,
  construction,
  risk: { ...SAMPLE_MANDATE.risk, ...risk },
  rebalance: { every: 'month', onRegimeChange: true },
  limits: { default: { min: 0, max: 1 }, noTradeBand: 0.01, ...limits },
});
const data = stormMarket();

function run(m: Mandate) {
  const proposals: AllocationProposed[] = [];
  const budgets: RiskBudgetSet[] = [];
  const pairs: {
    budget: RiskBudgetSet;
    proposal: AllocationProposed;
    at: (id: string, exposure: number) => number | undefined;
    atTrend: (id: string, trend: number) => number | undefined;
  }[] = [];
  const policy = mandatePolicy({
    mandate: m,
    universe: SAMPLE_UNIVERSE,
    regimeAt,
    observe: (event, model) => {
      if (event.type === 'RiskBudgetSet') budgets.push(event);
      if (event.type !== 'AllocationProposed') return;
      proposals.push(event);
      const budget = budgets[budgets.length - 1];
      const previous = new Map(budget.holdings.map(({ id, weight }) => [id, weight]));
      const facts = {
        mandate: m as Mandate & { construction: Construction },
        budget,
        universe: SAMPLE_UNIVERSE,
        model,
        previous,
      };
      pairs.push({
        budget,
        proposal: event,
        at: (id, exposure) => weightAt(facts, id, exposure),
        atTrend: (id, trend) => weightWithTrend(facts, id, trend),
      });
    },
  });
  return { simulation: simulatePortfolio(data, policy, options), proposals, budgets, pairs };
}

// where history is cut is in calm, at the onset of the storm, in it and after it: everywhere for the quick one, in turn for the others
describe.each<[string, Mandate, number[]]>([
  ['the overlay on the anchor', mandate(overlay), [500, 712, 750, 1000]],
  ['group risk budgets', mandate(scratch), [500, 712]],
  [
    'group risk budgets by forecast regime, with a tail budget, a floor and a least step',
    mandate(
      { ...scratch, covariance: 'regime', stepMin: 0.03 },
      {},
      {
        tailBudget: { cvar: 0.006, confidence: 0.95 },
        preservation: { floor: 0.9, horizonBars: 252, confidence: 0.95 },
      },
    ),
    [750],
  ],
  [
    'the overlay within limits that bind',
    mandate(overlay, { byInstrument: { EQ: { min: 0, max: 0.4 } }, maxTurnover: 0.2 }),
    [712],
  ],
])('%s', (_name, m, cutRows) => {
  const { proposals, budgets, pairs, simulation } = run(m);

  it('explains every change of weight to the last digit', () => {
    expect(proposals.length).toBeGreaterThan(10);
    for (const { weights, explanation } of proposals) {
      for (const { instrument, previousWeight, targetWeight } of weights) {
        const parts = explanation?.attribution.find((entry) => entry.instrument === instrument)?.parts ?? [];
        const sum = parts.reduce((total, { change }) => total + change, 0);
        expect(Math.abs(sum - (targetWeight - previousWeight))).toBeLessThan(1e-12);
      }
    }
  });

  it('states an exposure that is the product of its factors, each with its cause', () => {
    for (const { core, causes } of budgets) {
      const factors = factorsOf(core as NonNullable<typeof core>);
      expect(core?.exposure).toBeCloseTo(
        factors.reduce((product, { value }) => product * value, 1),
        15,
      );
      expect(causes.map(({ step }) => step)).toEqual([...factors.map(({ factor }) => factor), 'exposure']);
      expect(factors.length).toBe(m.risk.tailBudget === undefined ? 3 : 6);
    }
  });

  it('names counterfactuals that turn the trade around when solved again', () => {
    const seen: Record<string, number> = { exposure: 0, trend: 0, 'drawdown-budget': 0 };
    for (const { budget, proposal, at, atTrend } of pairs) {
      for (const { instrument, turnsAt, of } of proposal.explanation?.counterfactuals ?? []) {
        const held = proposal.weights.find((w) => w.instrument === instrument)?.previousWeight as number;
        seen[of ?? 'exposure'] += 1;
        if (of === 'trend') {
          expect(atTrend(instrument, turnsAt - 0.002) as number).toBeLessThan(held);
          expect(atTrend(instrument, turnsAt + 0.002) as number).toBeGreaterThan(held);
          continue;
        }
        const core = budget.core as NonNullable<RiskBudgetSet['core']>;
        // with that much of the drawdown budget used, the exposure would be this
        const exposure = of === undefined ? turnsAt : (core.exposure / core.drawdown) * drawdownScale(turnsAt);
        expect(at(instrument, exposure * 0.998) as number).toBeLessThan(held);
        expect(at(instrument, exposure * 1.002) as number).toBeGreaterThan(held);
      }
    }
    // with equities at their maximum and a cap on turnover there may be none
    const least = m.limits.maxTurnover === undefined ? 1 : 0;
    expect(seen.exposure).toBeGreaterThanOrEqual(10 * least);
    expect(seen.trend).toBeGreaterThanOrEqual(least);
    expect(seen['drawdown-budget']).toBeGreaterThanOrEqual(least);
  });

  it('makes claims that hold, and a claim that does not is found', () => {
    for (const proposal of proposals) expect(brokenClaims(proposal)).toEqual([]);
    const [proposal] = proposals;
    const doctored = proposal.weights.map((weight, i) =>
      i === 0 ? { ...weight, targetWeight: weight.targetWeight + 0.01 } : weight,
    );
    expect(brokenClaims({ ...proposal, weights: doctored }).length).toBeGreaterThan(0);
    const claims = (proposal.claims ?? []).map((claim) => ({ ...claim, text: claim.text.replace(/\d/, '7') }));
    expect(brokenClaims({ ...proposal, claims }).length).toBeGreaterThan(0);
  });

  it('keeps less in the core in the storm than before it, and comes back after', () => {
    const exposure = (from: number, to: number): number => {
      const part = budgets.filter(({ bar }) => bar > from && bar <= to).map(({ core }) => core?.exposure as number);
      return part.reduce((sum, value) => sum + value, 0) / part.length;
    };
    expect(exposure(740, 800)).toBeLessThan(0.6 * exposure(600, 700));
    expect(exposure(1100, 1200)).toBeGreaterThan(1.5 * exposure(740, 800));
  });

  it('changes no decision when later data is taken away', () => {
    const make = (): PortfolioPolicy => mandatePolicy({ mandate: m, universe: SAMPLE_UNIVERSE, regimeAt });
    expect(findLookAhead(data, make, { ...options, cutRows })).toBeUndefined();
    expect(simulation.decisions).toHaveLength(proposals.length);
  });
});

it('holds the limits in every proposal', () => {
  const { proposals } = run(mandate(overlay, { byInstrument: { EQ: { min: 0, max: 0.4 } }, maxTurnover: 0.25 }));
  for (const { weights, turnover } of proposals) {
    expect(weights.find(({ instrument }) => instrument === 'EQ')?.targetWeight as number).toBeLessThanOrEqual(
      0.4 + 1e-8,
    );
    expect(turnover).toBeLessThanOrEqual(0.25 + 1e-7);
  }
});

describe('a trade that must pay for itself', () => {
  it('is left alone while its gain is below its cost, and both are said', () => {
    const unchanged: AllocationUnchanged[] = [];
    const made = { free: 0, careful: 0, careless: 0 };
    for (const [key, riskAversion] of [
      ['free', undefined],
      ['careful', 1],
      ['careless', 900],
    ] as const) {
      const policy = mandatePolicy({
        mandate: mandate({ ...overlay, ...(riskAversion !== undefined && { riskAversion }) }),
        universe: SAMPLE_UNIVERSE,
        regimeAt,
        observe: (event) => {
          if (event.type === 'AllocationProposed') made[key] += 1;
          if (key === 'careful' && event.type === 'AllocationUnchanged' && event.gain !== undefined)
            unchanged.push(event);
        },
      });
      simulatePortfolio(data, policy, options);
    }
    expect(unchanged.length).toBeGreaterThan(3);
    for (const { gain, cost } of unchanged) expect(gain as number).toBeLessThan(cost as number);
    expect(made.careful).toBeLessThan(made.free);
    // at a high price of risk nearly everything is worth its cost
    expect(made.careless).toBeGreaterThan(0.8 * made.free);
  });
});
