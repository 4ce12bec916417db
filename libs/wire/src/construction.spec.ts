import type { AllocationProposed, DomainEvent, EventOf, EventType } from '@allostat/pipeline';
import { decodeEvent, encodeEvent } from './codec';
import { SAMPLE_EVENTS } from './samples';

const sample = <T extends EventType>(type: T): EventOf<T> =>
  SAMPLE_EVENTS.find((event) => event.type === type) as EventOf<T>;
const back = (event: DomainEvent): DomainEvent => decodeEvent(encodeEvent(event));

const mandate = sample('MandateVersioned');
const budget = sample('RiskBudgetSet');
const proposal = sample('AllocationProposed');
const exposure = { exposure: 0.42, volatility: 0.7, drawdown: 1, regime: 0.6 };
const text = 'The trades turn over 15.0 % one way and are expected to cost 1.1 basis points.';
const explained: AllocationProposed = {
  ...proposal,
  trigger: 'exposure',
  explanation: {
    method: 'stated',
    exposure,
    attribution: [
      {
        instrument: 'GOLD',
        parts: [
          { driver: 'core', change: 0.1 },
          { driver: 'trend', change: 0.05 },
        ],
      },
    ],
    counterfactuals: [{ instrument: 'GOLD', trade: 0.15, exposure: 0.42, turnsAt: 0.3 }],
    shadowPrices: [{ limit: 'maximum weight of GOLD', price: 0.01 }],
  },
  rationale: [text],
  claims: [{ kind: 'trading', subject: 'balanced', values: [0.15, 0.0001125], text }],
};

describe('a construction on the wire', () => {
  it('survives the way out and back with every part, and without the parts that may be absent', () => {
    const core = { core: 'anchor', tilt: 0.25, drawdownControl: true, band: 0.15 } as const;
    const groups = [
      { name: 'a', instruments: ['GOLD'], budget: 0.4 },
      { name: 'b', instruments: ['US_EQUITY'], budget: 0.6 },
    ];
    for (const construction of [
      core,
      {
        ...core,
        core: 'group-budgets',
        groups,
        volatilityShare: 0.8,
        drawdownMultiple: 1.5,
        regimeCut: 0.6,
        riskAversion: 5,
        covariance: 'regime',
        stepMin: 0.05,
        objective: {
          terms: { expectedReturn: 1, variance: 1.5, squaredDistance: 0.02, tradingCost: 1 },
          limits: { maxVolatility: 0.1, maxCvar: 0.02, floor: { return: -0.03, probability: 0.05 } },
          views: { riskAversion: 3, informationCoefficient: 0.05, confidence: 0.25 },
        },
      } as const,
    ]) {
      const event = { ...mandate, mandate: { ...mandate.mandate, construction } };
      expect(back(event)).toEqual(event);
    }
  });

  it('carries a tail budget, a floor, and the factors that they leave of an exposure', () => {
    const risk = {
      ...mandate.mandate.risk,
      tailBudget: { cvar: 0.012, confidence: 0.95 },
      preservation: { floor: 0.9, horizonBars: 252, confidence: 0.99 },
    };
    const event = { ...mandate, mandate: { ...mandate.mandate, risk } };
    expect(back(event)).toEqual(event);
    const capped = { ...exposure, tail: 0.9, preservation: 1, step: 1.02 };
    const set = { ...budget, core: { weights: [{ id: 'GOLD', weight: 1 }], ...capped } };
    expect(back(set)).toEqual(set);
    expect(() => back({ ...set, core: { ...set.core, tail: 1.2 } })).toThrow(/tail/);
  });

  it('carries lots, volumes and taxes, and what whole lots leave out', () => {
    const trading = {
      lots: { GOLD: 100 },
      averageDailyValue: { GOLD: 25e6 },
      participationMax: 0.05,
      impactCoefficient: 0.7,
      taxes: { shortTermRate: 0.4, longTermRate: 0.2, longTermDays: 365, harvest: ['GOLD'] },
    };
    const event = { ...mandate, mandate: { ...mandate.mandate, trading } };
    expect(back(event)).toEqual(event);
    const set = {
      ...budget,
      value: 1.03,
      fused: [
        { name: 'trend.equity', contribution: -0.2 },
        { name: 'macro.policy-rate.change6m', contribution: 0.1, standardised: -0.8 },
      ],
      prices: budget.prices.map((price, i) => (i === 0 ? { ...price, averageDailyValue: 28_123_456_789.25 } : price)),
      lots: [{ id: 'GOLD', weight: 0.1, gain: -0.05, bought: '2024-01-03' }],
    };
    expect(back(set)).toEqual(set);
    const rounded = { ...explained, residuals: [{ instrument: 'GOLD', weight: 0.0004 }] };
    expect(back(rounded)).toEqual(rounded);
  });

  it('carries the money that changed hands, and refuses less than nothing', () => {
    const snapshot = sample('SignalSnapshotPublished');
    const assessed = sample('RegimeAssessed');
    const with_ = <T extends { readonly instruments: readonly object[] }>(event: T, money: number): T => ({
      ...event,
      instruments: event.instruments.map((bar, i) => (i === 0 ? { ...bar, averageDailyValue: money } : bar)),
    });
    for (const event of [snapshot, assessed] as const) {
      expect(back(with_(event, 1.5e9))).toEqual(with_(event, 1.5e9));
      expect(() => back(with_(event, -1))).toThrow(/average_daily_value/);
    }
  });

  it('carries why a trade was not made', () => {
    const unchanged = { ...sample('AllocationUnchanged'), gain: 0.0001, cost: 0.0002 };
    expect(back(unchanged)).toEqual(unchanged);
  });

  it('carries the core of a budget; an exposure above 1 or weights that do not sum to one are refused', () => {
    const core = {
      weights: [
        { id: 'GOLD', weight: 0.25 },
        { id: 'US_EQUITY', weight: 0.75 },
      ],
      ...exposure,
    };
    expect(back({ ...budget, core })).toEqual({ ...budget, core });
    expect(() => back({ ...budget, core: { ...core, exposure: 1.2 } })).toThrow(/core.exposure/);
    expect(() => back({ ...budget, core: { ...core, weights: core.weights.slice(1) } })).toThrow(/must sum to 1/);
  });

  it('carries an explanation, and refuses a claim that the proposal does not bear out', () => {
    expect(back(explained)).toEqual(explained);
    const [claim] = explained.claims ?? [];
    const false_ = { ...explained, claims: [{ ...claim, values: [0.3, 0.0001125] }] };
    expect(() => back(false_)).toThrow(/claims/);
    const moved = explained.weights.map((weight, i) => (i === 0 ? { ...weight, cost: 0.01 } : weight));
    expect(() => back({ ...explained, weights: moved })).toThrow(/is not so/);
  });
});
