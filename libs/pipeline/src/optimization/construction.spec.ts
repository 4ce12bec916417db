import { createRng, deepFreeze } from '@allostat/kernel';
import { findLookAhead, simulatePortfolio, type MarketHistory, type PortfolioPolicy } from '@allostat/quant';
import { mandatePolicy, type MandatePolicyOptions } from '../backfill/mandate-policy';
import type { Construction, Mandate } from '../mandate/mandate';
import { SAMPLE_MANDATE, SAMPLE_UNIVERSE } from '../mandate/sample-mandate';
import { factorsOf, type RiskBudgetSet } from '../risk-budgeting/events';
import { brokenClaims } from './claims';
import type { AllocationProposed, AllocationUnchanged } from './events';
import { weightAt } from './explain-proposal';

const assets = SAMPLE_UNIVERSE.instruments.map(({ id }) => id);
const rows = 1200;

/** Three years calm, a storm from row 700 to 800 in which equities fall, then calm again. */
function market(): MarketHistory {
  const rng = createRng(5);
  const levels = new Float64Array(rows * 4);
  for (let t = 0; t < rows; t++) {
    const storm = t >= 700 && t < 800;
    [storm ? 0.03 : 0.01, 0.004, 0.008, 0.00001].forEach((volatility, i) => {
      const drift = i === 0 ? (storm ? -0.003 : 0.0005) : 0.0001;
      levels[t * 4 + i] = t === 0 ? 100 : levels[(t - 1) * 4 + i] * (1 + drift + volatility * rng.normal());
    });
  }
  const dates = Array.from({ length: rows }, (_, t) => new Date(Date.UTC(2010, 0, 1 + t)).toISOString().slice(0, 10));
  return deepFreezeDates({ dates, assets, levels });
}

const deepFreezeDates = (history: MarketHistory): MarketHistory => ({
  ...history,
  dates: deepFreeze([...history.dates]),
});

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
const data = market();
const calm = { expansion: 1, tightening: 0, crisis: 0, recovery: 0 };
const crisis = { expansion: 0, tightening: 0, crisis: 1, recovery: 0 };
const regimeAt: NonNullable<MandatePolicyOptions['regimeAt']> = ({ row }) => {
  const storm = row >= 705 && row < 810;
  return { regime: storm ? 'crisis' : 'expansion', probabilities: storm ? crisis : calm, forecasts: [] };
};
const options = {
  firstRow: 300,
  scheduledRows: [],
  everyRow: true,
  costs: { proportional: 0.0005 },
  initialWeights: [0.6, 0.4, 0, 0],
};

function run(m: Mandate) {
  const proposals: AllocationProposed[] = [];
  const budgets: RiskBudgetSet[] = [];
  const pairs: {
    budget: RiskBudgetSet;
    proposal: AllocationProposed;
    at: (id: string, exposure: number) => number | undefined;
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
      pairs.push({ budget, proposal: event, at: (id, exposure) => weightAt(facts, id, exposure) });
    },
  });
  return { simulation: simulatePortfolio(data, policy, options), proposals, budgets, pairs };
}

describe.each<[string, Mandate]>([
  ['the overlay on the anchor', mandate(overlay)],
  ['group risk budgets', mandate(scratch)],
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
  ],
  [
    'the overlay within limits that bind',
    mandate(overlay, { byInstrument: { EQ: { min: 0, max: 0.4 } }, maxTurnover: 0.2 }),
  ],
])('%s', (_name, m) => {
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
    let seen = 0;
    for (const { proposal, at } of pairs) {
      for (const { instrument, turnsAt } of proposal.explanation?.counterfactuals ?? []) {
        const held = proposal.weights.find((w) => w.instrument === instrument)?.previousWeight as number;
        expect(at(instrument, turnsAt * 0.999) as number).toBeLessThan(held);
        expect(at(instrument, turnsAt * 1.001) as number).toBeGreaterThan(held);
        seen++;
      }
    }
    // with equities at their maximum and a cap on turnover there may be none
    expect(seen).toBeGreaterThanOrEqual(m.limits.maxTurnover === undefined ? 10 : 0);
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
    expect(findLookAhead(data, make, { ...options, cutRows: [500, 712, 750, 1000] })).toBeUndefined();
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
