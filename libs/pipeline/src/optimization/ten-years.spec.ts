import { simulatePortfolio } from '@allostat/quant';
import { mandatePolicy } from '../backfill/mandate-policy';
import type { Construction, Mandate } from '../mandate/mandate';
import { SAMPLE_MANDATE, SAMPLE_UNIVERSE } from '../mandate/sample-mandate';
import type { RiskBudgetSet } from '../risk-budgeting/events';
import { brokenClaims } from './claims';
import { weightAt, weightWithTrend } from './counterfactuals';
import type { AllocationProposed } from './events';
import type { FitFacts } from './fit-target';
import { stormMarket, stormOptions, stormRegimeAt } from './storm-market.fixture';

/** A year of history and ten years of decisions. */
const FIRST_ROW = 253;
const market = stormMarket(FIRST_ROW + 2520);

const overlay: Construction = {
  core: 'anchor',
  volatilityShare: 0.8,
  tilt: 0.25,
  drawdownControl: true,
  drawdownMultiple: 1.5,
  regimeCut: 0.6,
  band: 0.15,
};
const settings: Record<string, Pick<Mandate, 'construction' | 'limits'>> = {
  'the overlay within limits that bind': {
    construction: overlay,
    limits: {
      default: { min: 0, max: 1 },
      byInstrument: { EQ: { min: 0, max: 0.4 } },
      noTradeBand: 0.01,
      maxTurnover: 0.2,
    },
  },
  'group risk budgets': {
    construction: {
      ...overlay,
      core: 'group-budgets',
      groups: [
        { name: 'growth', instruments: ['EQ'], budget: 0.5 },
        { name: 'safe', instruments: ['BOND', 'GOLD'], budget: 0.5 },
      ],
    },
    limits: { default: { min: 0, max: 1 }, noTradeBand: 0.01 },
  },
};

describe.each(Object.entries(settings))('ten years of %s', (_name, setting) => {
  const mandate = { ...SAMPLE_MANDATE, ...setting, rebalance: { every: 'month', onRegimeChange: true } } as const;
  const seen: { readonly proposal: AllocationProposed; readonly facts: FitFacts }[] = [];
  let budget: RiskBudgetSet | undefined;
  const policy = mandatePolicy({
    mandate,
    universe: SAMPLE_UNIVERSE,
    regimeAt: stormRegimeAt,
    observe: (event, model) => {
      if (event.type === 'RiskBudgetSet') budget = event;
      if (event.type !== 'AllocationProposed' || budget === undefined) return;
      const previous = new Map(budget.holdings.map(({ id, weight }) => [id, weight]));
      const full = mandate as Mandate & { readonly construction: Construction };
      seen.push({ proposal: event, facts: { mandate: full, budget, universe: SAMPLE_UNIVERSE, model, previous } });
    },
  });
  simulatePortfolio(market, policy, { ...stormOptions, firstRow: FIRST_ROW });

  it('attributes every change of every proposal to the last digit (1e-12)', () => {
    expect(seen.length).toBeGreaterThan(70);
    let worst = 0;
    for (const { proposal } of seen) {
      for (const { instrument, previousWeight, targetWeight } of proposal.weights) {
        const parts = proposal.explanation?.attribution.find((entry) => entry.instrument === instrument)?.parts ?? [];
        const sum = parts.reduce((total, { change }) => total + change, 0);
        worst = Math.max(worst, Math.abs(sum - (targetWeight - previousWeight)));
      }
    }
    expect(worst).toBeLessThan(1e-12);
  });

  it('claims nothing in any rationale that its own figures do not bear out', () => {
    for (const { proposal } of seen) expect(brokenClaims(proposal)).toEqual([]);
  });

  it('turns each counterfactual trade around when it is solved again on both sides', () => {
    let checked = 0;
    for (const { proposal, facts } of seen.filter((_, k) => k % 3 === 0)) {
      for (const { instrument, turnsAt, of } of proposal.explanation?.counterfactuals ?? []) {
        if (of !== undefined && of !== 'trend') continue;
        const held = facts.previous.get(instrument) as number;
        const at = (x: number): number => (of === 'trend' ? weightWithTrend : weightAt)(facts, instrument, x) as number;
        // where cost holds a trade at zero the other side begins a little way beyond what is held
        const [low, high] = of === 'trend' ? [turnsAt - 0.003, turnsAt + 0.003] : [turnsAt * 0.997, turnsAt * 1.003];
        // a solve is exact to about 1e-8 of the portfolio
        expect(at(low)).toBeLessThanOrEqual(held + 1e-7);
        expect(at(high)).toBeGreaterThanOrEqual(held - 1e-7);
        expect(at(high)).toBeGreaterThan(at(low));
        checked += 1;
      }
    }
    expect(checked).toBeGreaterThan(setting.limits.maxTurnover === undefined ? 10 : 3);
  });
});
