import { simulatePortfolio } from '@allostat/quant';
import { mandatePolicy } from '../backfill/mandate-policy';
import type { Construction, LiveObjective, Mandate, Trading } from '../mandate/mandate';
import { SAMPLE_MANDATE, SAMPLE_UNIVERSE } from '../mandate/sample-mandate';
import type { RiskBudgetSet } from '../risk-budgeting/events';
import type { RiskModel } from '../risk-budgeting/risk-model';
import { attributeSolution, type SolutionPart } from './attribute-solution';
import { brokenClaims } from './claims';
import { weightAt, weightWithSignal, weightWithTrend } from './counterfactuals';
import { decideOptimization, type OptimizationOutput } from './decide';
import type { AllocationProposed } from './events';
import { fitTarget, type FitFacts } from './fit-target';
import { stormMarket, stormOptions, stormRegimeAt } from './storm-market.fixture';

const views = { riskAversion: 3, informationCoefficient: 0.05, confidence: 0.25 };
const everything: LiveObjective = {
  terms: { expectedReturn: 1, variance: 1.5, cvar: 0.05, cdar: 0.01, squaredDistance: 0.2, tradingCost: 1 },
  limits: { maxVolatility: 0.3, maxCvar: 0.05 },
  views,
};
const construction = (objective: LiveObjective): Construction & { readonly objective: LiveObjective } => ({
  core: 'anchor',
  volatilityShare: 0.8,
  tilt: 0,
  drawdownControl: true,
  drawdownMultiple: 1.5,
  band: 0.15,
  covariance: 'regime',
  objective,
});
const mandate = (objective: LiveObjective, change: Partial<Mandate> = {}) => ({
  ...SAMPLE_MANDATE,
  construction: construction(objective),
  rebalance: { every: 'month', onRegimeChange: false } as const,
  limits: { default: { min: 0, max: 1 }, noTradeBand: 0.005 },
  ...change,
});
// the storm begins at row 700
const data = stormMarket(730);

interface Seen {
  readonly events: readonly OptimizationOutput[];
  readonly proposals: readonly AllocationProposed[];
  readonly facts: readonly FitFacts[];
}

function run(m: ReturnType<typeof mandate>): Seen {
  const events: OptimizationOutput[] = [];
  const facts: FitFacts[] = [];
  let budget: RiskBudgetSet | undefined;
  const policy = mandatePolicy({
    mandate: m,
    universe: SAMPLE_UNIVERSE,
    regimeAt: stormRegimeAt,
    observe: (event, model) => {
      if (event.type === 'RiskBudgetSet') budget = event;
      else events.push(event);
      if (event.type !== 'AllocationProposed' || budget === undefined) return;
      const previous = new Map(budget.holdings.map(({ id, weight }) => [id, weight]));
      facts.push({ mandate: m, budget, universe: SAMPLE_UNIVERSE, model, previous });
    },
  });
  simulatePortfolio(data, policy, { ...stormOptions, firstRow: 640 });
  const proposals = events.filter((event) => event.type === 'AllocationProposed');
  return { events, proposals, facts };
}

const target = new Map([
  ['EQ', 0.4],
  ['BOND', 0.3],
  ['GOLD', 0],
  ['CASH', 0.3],
]);

const seen = run(mandate(everything));

describe('growth, drawdown, tail and cost in one solve', () => {
  it('is solved to optimality on every decision once there is a year of scenarios, within its limits', () => {
    expect(seen.proposals.length).toBeGreaterThan(2);
    for (const { certificate, expectedVolatility } of seen.proposals) {
      expect(certificate.method).toMatch(/objectives in one solve/);
      expect(certificate.status).toBe('optimal');
      expect(Math.max(certificate.primalResidual, certificate.gap as number)).toBeLessThan(1e-8);
      expect(expectedVolatility).toBeLessThan(0.2);
    }
  });

  it('attributes each change to the last digit, and its claims hold', () => {
    for (const proposal of seen.proposals) {
      expect(brokenClaims(proposal)).toEqual([]);
      for (const { instrument, previousWeight, targetWeight } of proposal.weights) {
        const parts = proposal.explanation?.attribution.find((entry) => entry.instrument === instrument)?.parts ?? [];
        const sum = parts.reduce((total, { change }) => total + change, 0);
        expect(Math.abs(sum - (targetWeight - previousWeight))).toBeLessThan(1e-12);
      }
    }
    const drivers = new Set(
      seen.proposals.flatMap(({ explanation }) =>
        (explanation?.attribution ?? []).flatMap(({ parts }) => parts.map(({ driver }) => driver)),
      ),
    );
    for (const driver of ['expected-return', 'signal:trend', 'risk', 'cvar', 'cdar', 'cost']) {
      expect(drivers).toContain(driver);
    }
    expect(drivers).not.toContain('scenarios');
  });

  it('names counterfactuals by exposure and by trend that hold when solved again', () => {
    let found = 0;
    seen.proposals.forEach(({ explanation, weights }, k) => {
      for (const { instrument, turnsAt, of, trade } of explanation?.counterfactuals ?? []) {
        if (of !== undefined && of !== 'trend') continue;
        const held = weights.find((w) => w.instrument === instrument)?.previousWeight as number;
        const at = (x: number): number =>
          (of === 'trend' ? weightWithTrend : weightAt)(seen.facts[k], instrument, x) as number;
        // trading costs: between a trade and its opposite there are levels at which nothing is traded
        const opposite = (x: number): boolean => Math.sign(trade) * (held - at(x)) > 5e-6;
        expect(opposite(turnsAt - 0.002 * Math.sign(trade))).toBe(true);
        expect(opposite(turnsAt + 0.002 * Math.sign(trade))).toBe(false);
        found++;
      }
    });
    expect(found).toBeGreaterThan(0);
  });
});

describe('what one signal would have to say for the opposite trade', () => {
  const fused = [
    { name: 'macro.credit-spread.change6m', contribution: -0.3, standardised: 1.5 },
    { name: 'momentum.average.12m1', contribution: 0.2, standardised: 0.8 },
    { name: 'trend.equity', contribution: 0.001, standardised: 0.5 },
    { name: 'sentiment.news', contribution: 0.1 },
  ];
  const confident: LiveObjective = {
    terms: { expectedReturn: 1, variance: 1.5, squaredDistance: 0.02, tradingCost: 0.1 },
    views: { riskAversion: 3, informationCoefficient: 0.3, confidence: 0.9 },
  };
  const m = mandate(confident);
  const { facts: before } = run(m);
  const signals = before.flatMap((own) => {
    const facts = { ...own, budget: { ...own.budget, fused } };
    const { events } = decideOptimization(
      { type: 'BudgetReceived', budget: facts.budget, riskModel: facts.model, universe: SAMPLE_UNIVERSE },
      { mandate: m },
    );
    return events.flatMap((event) =>
      event.type !== 'AllocationProposed'
        ? []
        : (event.explanation?.counterfactuals ?? []).map((found) => ({ found, facts, proposal: event })),
    );
  });
  const found = signals.filter(({ found: { of } }) => of?.startsWith('signal:'));

  it('is found, within what a signal can be, and turns the trade around when solved again', () => {
    expect(found.length).toBeGreaterThan(0);
    expect(found.some(({ found: { of } }) => of === 'signal:macro.credit-spread.change6m')).toBe(true);
    for (const { found: own, facts, proposal } of found) {
      const name = own.of?.slice('signal:'.length) as string;
      const part = fused.find((entry) => entry.name === name) as Required<(typeof fused)[0]>;
      expect(own.exposure).toBe(part.standardised);
      expect(Math.abs(own.turnsAt)).toBeLessThanOrEqual(3);
      const weight = part.contribution / part.standardised;
      const held = proposal.weights.find((w) => w.instrument === own.instrument)?.previousWeight as number;
      const opposite = (level: number): boolean => {
        const at = { name, difference: weight * (level - part.standardised) };
        return Math.sign(own.trade) * (held - (weightWithSignal(facts, own.instrument, at) as number)) > 5e-6;
      };
      const step = 0.01 * Math.sign(own.turnsAt - own.exposure);
      expect(opposite(own.turnsAt - step)).toBe(false);
      expect(opposite(own.turnsAt + step)).toBe(true);
      expect(brokenClaims(proposal)).toEqual([]);
    }
  });

  it('is not told of a signal that no level could turn it by, nor of one whose own level is not known', () => {
    const names = found.map(({ found: { of } }) => of);
    expect(names).not.toContain('signal:trend.equity');
    expect(names).not.toContain('signal:sentiment.news');
  });
});

describe('the forces of a solution', () => {
  const [facts] = seen.facts.slice(-1);
  const solved = (objective: LiveObjective, change: Partial<Mandate> = {}) => {
    const fitted = fitTarget({ ...facts, mandate: mandate(objective, change), forces: true }, target);
    if (fitted.status !== 'fitted' || fitted.solved === undefined) throw new Error(JSON.stringify(fitted));
    return fitted.solved;
  };

  const leftOver = (parts: readonly SolutionPart[]): number =>
    Math.max(...(parts.find(({ driver }) => driver === 'rounding')?.changes ?? [NaN]).map(Math.abs));

  it('balance without a remainder where scenarios tie, trades stand still and lots end too', () => {
    const trading: Trading = {
      ...{ averageDailyValue: { EQ: 1e7 }, participationMax: 0.5, impactCoefficient: 1 },
      taxes: { shortTermRate: 0.4, longTermRate: 0.2, longTermDays: 365 },
    };
    const lots = [
      { id: 'EQ', weight: 0.1, gain: 0.1, bought: '2010-01-05' },
      { id: 'EQ', weight: (facts.previous.get('EQ') as number) - 0.1, gain: 0.5, bought: '2010-01-05' },
    ];
    const low = new Map([...target, ['EQ', 0.1] as const, ['CASH', 0.6] as const]);
    const full: LiveObjective = { ...everything, terms: { ...everything.terms, tax: 1, maximumDrawdown: 0.01 } };
    const limits = { default: { min: 0, max: 1 }, maxTurnover: 0.05, noTradeBand: 0 };
    const m = mandate(full, { trading, limits });
    const fitted = fitTarget({ ...facts, mandate: m, budget: { ...facts.budget, lots }, forces: true }, low);
    if (fitted.status !== 'fitted' || fitted.solved === undefined) throw new Error(fitted.status);
    const { problem, solution, returns } = fitted.solved;
    const parts = attributeSolution(problem, solution, returns);
    expect(leftOver(parts)).toBeLessThan(1e-6);
    expect(parts.map(({ driver }) => driver)).toEqual(
      expect.arrayContaining(['cvar', 'cdar', 'maximum-drawdown', 'cost', 'tax', 'limit:maximum turnover']),
    );
  });

  it('balance without a remainder where every term is smooth: gradients and shadow prices explain all of it', () => {
    const smooth: LiveObjective = { terms: { expectedReturn: 1, variance: 1.5, squaredDistance: 0.02 }, views };
    for (const limits of [
      { default: { min: 0, max: 1 }, noTradeBand: 0 },
      {
        default: { min: 0, max: 1 },
        byInstrument: { EQ: { min: 0, max: 0.35 }, GOLD: { min: 0.1, max: 1 } },
        noTradeBand: 0,
      },
      { default: { min: 0, max: 1 }, byAssetClass: { equity: { min: 0, max: 0.3 } }, noTradeBand: 0 },
    ]) {
      const { problem, solution, returns } = solved(smooth, { limits });
      const parts = attributeSolution(problem, solution, returns);
      expect(parts.map(({ driver }) => driver)).not.toContain('limits');
      expect(leftOver(parts)).toBeLessThan(1e-6);
      const named = parts.map(({ driver }) => driver).filter((driver) => driver.startsWith('limit:'));
      expect(named.length).toBe(limits.byAssetClass ? 1 : limits.byInstrument ? 2 : named.length);
    }
  });

  it('hold the core itself when returns are those that make it optimal: reverse optimisation, Sharpe (1974)', () => {
    const reverse: LiveObjective = {
      terms: { expectedReturn: 1, variance: 1.5, squaredDistance: 1e-9 },
      views: { riskAversion: 3, informationCoefficient: 0, confidence: 0.25 },
    };
    const { weights } = solved(reverse);
    // the core is 60/40, whatever the target of the day is
    expect(weights.get('EQ')).toBeCloseTo(0.6, 3);
    expect(weights.get('BOND')).toBeCloseTo(0.4, 2);
  });

  it('trade less the dearer trading is, and less when gains are taxed', () => {
    const terms = { expectedReturn: 1, variance: 1.5, squaredDistance: 0.02 };
    const traded = ({ weights }: { weights: ReadonlyMap<string, number> }): number =>
      [...weights].reduce((sum, [id, weight]) => sum + Math.abs(weight - (facts.previous.get(id) ?? 0)), 0);
    const free = solved({ terms, views });
    const dear = solved({ terms: { ...terms, tradingCost: 1 }, views }, { defaultCostBps: 100 });
    expect(traded(dear)).toBeLessThan(traded(free));
    const trading: Trading = { taxes: { shortTermRate: 0.4, longTermRate: 0.2, longTermDays: 365 } };
    const held = facts.previous.get('EQ') as number;
    const gains = [{ id: 'EQ', weight: held, gain: 0.5, bought: '2010-01-05' }];
    const low = new Map([...target, ['EQ', 0.1] as const, ['CASH', 0.6] as const]);
    const sale = (taxed: boolean): number => {
      const m = mandate({ terms: { ...terms, squaredDistance: 1, ...(taxed && { tax: 1 }) }, views }, { trading });
      const fitted = fitTarget({ ...facts, mandate: m, budget: { ...facts.budget, lots: gains } }, low);
      return held - ((fitted as { weights: ReadonlyMap<string, number> }).weights.get('EQ') as number);
    };
    expect(sale(true)).toBeLessThan(sale(false) - 0.02);
  });

  it('respect volumes: no trade beyond the part of a day that the mandate allows', () => {
    const trading: Trading = { averageDailyValue: { EQ: 1e7 }, participationMax: 0.1, impactCoefficient: 1 };
    const { weights } = solved({ terms: { squaredDistance: 1, tradingCost: 1 }, views }, { trading });
    // a tenth of ten million on a hundred million: one percent of the account
    const moved = (weights.get('EQ') as number) - (facts.previous.get('EQ') as number);
    expect(Math.abs(moved)).toBeLessThanOrEqual(0.01 + 1e-8);
  });

  it('respect volumes as they were observed before those that the mandate states', () => {
    const trading: Trading = { averageDailyValue: { EQ: 1e9 }, participationMax: 0.1, impactCoefficient: 1 };
    const own = mandate({ terms: { squaredDistance: 1, tradingCost: 1 }, views }, { trading });
    const held = facts.previous.get('EQ') as number;
    const moved = (observed: number | undefined): number => {
      const prices = facts.budget.prices.map((price) =>
        price.id === 'EQ' && observed !== undefined ? { ...price, averageDailyValue: observed } : price,
      );
      const fitted = fitTarget({ ...facts, mandate: own, budget: { ...facts.budget, prices } }, target);
      if (fitted.status !== 'fitted' || fitted.solved === undefined) throw new Error(fitted.status);
      return Math.abs((fitted.weights.get('EQ') as number) - held);
    };
    expect(moved(undefined)).toBeGreaterThan(0.02);
    // a tenth of ten million on a hundred million: one percent of the account
    expect(moved(1e7)).toBeLessThanOrEqual(0.01 / (facts.budget.value ?? 1) + 1e-8);
    // and what trades less costs more to move
    expect(moved(3e8)).toBeLessThan(moved(3e9));
  });

  it('say which limits exclude each other and what would help most cheaply', () => {
    const tight: LiveObjective = { terms: { squaredDistance: 1 }, limits: { maxCvar: 0.001 }, views };
    const limits = { default: { min: 0, max: 1 }, byInstrument: { EQ: { min: 0.5, max: 1 } }, noTradeBand: 0 };
    const fitted = fitTarget({ ...facts, mandate: mandate(tight, { limits }) }, target);
    if (fitted.status !== 'infeasible') throw new Error('the limits exclude each other');
    expect([...fitted.conflict].sort()).toEqual(['maximum CVaR', 'minimum weight of EQ']);
    expect(fitted.relaxation.length).toBeGreaterThan(0);
  });

  it('leave it to the nearest weights when there are too few scenarios, and say so', () => {
    const { regimes } = facts.model;
    const short: RiskModel = {
      ...facts.model,
      ...(regimes && {
        regimes: {
          ...regimes,
          scenarios: { ...regimes.scenarios, rows: 100 },
        },
      }),
    };
    const fitted = fitTarget({ ...facts, mandate: mandate(everything), model: short }, target);
    if (fitted.status !== 'fitted') throw new Error('there are nearest weights');
    expect(fitted.certificate.method).toMatch(/in the place of the objectives: fewer than a year/);
    expect(fitted.weights).toEqual(target);
  });
});

it('makes no trade whose gain by the objectives is below its cost, and says both', () => {
  const terms = { expectedReturn: 1, variance: 1.5, squaredDistance: 0.02, tradingCost: 0.01 };
  const { events } = run(mandate({ terms, views }, { defaultCostBps: 300 }));
  const unchanged = events.filter((event) => event.type === 'AllocationUnchanged' && event.gain !== undefined);
  expect(unchanged.length).toBeGreaterThan(0);
  for (const event of unchanged) {
    if (event.type !== 'AllocationUnchanged') continue;
    expect(event.gain as number).toBeLessThan(event.cost as number);
  }
});

describe('volumes in a backtest', () => {
  it('reach the decisions as they were known: thin markets are traded less, and later volumes change nothing before', () => {
    const trading: Trading = { participationMax: 0.05, impactCoefficient: 1 };
    const m = mandate(
      { terms: { squaredDistance: 1, tradingCost: 1 }, views },
      { trading, notional: 1e8, limits: { default: { min: 0, max: 1 }, noTradeBand: 0 } },
    );
    const proposalsWith = (money: (row: number) => number): AllocationProposed[] => {
      const volumes = Float64Array.from({ length: data.dates.length * 4 }, (_, k) => money(Math.floor(k / 4)));
      const found: AllocationProposed[] = [];
      const policy = mandatePolicy({
        ...{ mandate: m, universe: SAMPLE_UNIVERSE, regimeAt: stormRegimeAt },
        observe: (event) => event.type === 'AllocationProposed' && found.push(event),
      });
      simulatePortfolio({ ...data, volumes }, policy, { ...stormOptions, firstRow: 640 });
      return found;
    };
    const tradeOf = ({ weights }: AllocationProposed): number =>
      Math.max(...weights.map(({ targetWeight, previousWeight }) => Math.abs(targetWeight - previousWeight)));
    const thin = proposalsWith(() => 2e7);
    const deep = proposalsWith(() => 1e12);
    // five percent of twenty millions on a hundred: one percent a trade
    for (const proposal of thin) expect(tradeOf(proposal)).toBeLessThan(0.0125);
    expect(Math.max(...deep.map(tradeOf))).toBeGreaterThan(0.05);
    const late = proposalsWith((row) => (row > 690 ? 1e12 : 2e7));
    const until = (list: readonly AllocationProposed[]): unknown[] =>
      list.filter(({ asOf }) => asOf <= data.dates[690]).map(({ weights }) => weights);
    expect(until(late).length).toBeGreaterThan(0);
    expect(until(late)).toEqual(until(thin));
  });
});

describe('whole lots', () => {
  const lots = { EQ: 1000, BOND: 100, GOLD: 10 };
  const smooth: LiveObjective = { terms: { expectedReturn: 1, variance: 1.5, squaredDistance: 0.2 }, views };
  const { proposals } = run(mandate(smooth, { notional: 1e6, trading: { lots } }));

  it('are what every trade is made of, the rest is told and goes to cash', () => {
    expect(proposals.length).toBeGreaterThan(1);
    for (const { weights, prices, residuals } of proposals) {
      expect(residuals).toBeDefined();
      expect(Math.abs((residuals ?? []).reduce((sum, { weight }) => sum + weight, 0))).toBeLessThan(1e-9);
      const sum = weights.reduce((total, { targetWeight }) => total + targetWeight, 0);
      expect(sum).toBeCloseTo(1, 12);
      expect(prices.length).toBe(4);
      for (const { instrument, weight } of residuals ?? []) {
        if (instrument === 'CASH') continue;
        const { close } = prices.find(({ id }) => id === instrument) as { close: number };
        // the account never falls below a half of its start here
        expect(Math.abs(weight)).toBeLessThan((lots[instrument as keyof typeof lots] * close) / (1e6 * 0.5));
      }
    }
  });
});
