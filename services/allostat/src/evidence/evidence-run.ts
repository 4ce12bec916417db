import {
  asksForRegimeRisk,
  listedWeights,
  mandatePolicy,
  narrowed,
  stressView,
  type AllocationProposed,
  type Construction,
  type Mandate,
  type RegimeView,
  type Universe,
} from '@allostat/pipeline';
import {
  anchorPolicy,
  monthEndRows,
  simulatePortfolio,
  type MarketHistory,
  type PortfolioPolicy,
  type PortfolioSimulation,
} from '@allostat/quant';

/** What every run of the evidence shares. */
export interface EvidenceSetting {
  readonly market: MarketHistory;
  readonly universe: Universe;
  readonly cash: string;
  readonly firstRow: number;
  /** One-way cost of trading, decimal. */
  readonly cost: number;
  /** Filtered probability of stress at each row of the market; NaN before there is one. */
  readonly stress: Float64Array;
  /** The same, a month ahead. */
  readonly stressAhead: Float64Array;
}

/** Settings of the default policy; examples/mandates/etf37-overlay.yaml says the same. */
export const OVERLAY: Construction = {
  core: 'anchor',
  volatilityShare: 0.8,
  tilt: 0.25,
  drawdownControl: true,
  drawdownMultiple: 1.5,
  band: 0.15,
};

export interface MandateRunOptions {
  readonly mandate: Mandate;
  /** Rows by which the stress labels are moved, for a placebo; default 0. */
  readonly shift?: number;
  readonly onProposal?: (proposal: AllocationProposed) => void;
}

/** A mandate's construction on an anchor; the rest as in the examples. */
export function mandateOf(
  anchorWeights: Readonly<Record<string, number>>,
  construction: Construction,
  { cash, universe }: EvidenceSetting,
  change: Partial<Mandate> = {},
): Mandate {
  return {
    id: 'evidence',
    version: 1,
    name: 'Evidence',
    universeId: universe.id,
    currency: universe.currency,
    notional: 1e8,
    anchorWeights,
    construction,
    rebalance: { every: 'month', onRegimeChange: false },
    risk: {
      volatilityTarget: 0.08,
      regimeScale: { expansion: 1, tightening: 1, crisis: 1, recovery: 1 },
      drawdownBudget: 0.12,
    },
    limits: { default: { min: 0, max: 1 }, noTradeBand: 0.02 },
    defaultCostBps: 10,
    cashInstrument: cash,
    approvals: { required: 2, validityDays: 5 },
    stage: 'shadow',
    ...change,
  };
}

/** Runs a mandate through the market as the line would, from its anchor on. */
export function runMandate(
  setting: EvidenceSetting,
  { mandate, shift = 0, onProposal }: MandateRunOptions,
): PortfolioSimulation {
  const { market, universe, cash } = setting;
  const groups = mandate.construction?.groups?.flatMap(({ instruments }) => instruments) ?? [];
  const proxy = universe.equityProxy === undefined ? [] : [universe.equityProxy];
  const wanted = new Set([...Object.keys(mandate.anchorWeights), ...groups, ...proxy, cash]);
  const own = narrowed(market, [...wanted]);
  const instruments = own.assets.map((id) => universe.instruments.find((instrument) => instrument.id === id));
  const regimes = mandate.construction?.regimeCut !== undefined || asksForRegimeRisk(mandate);
  const policy = mandatePolicy({
    mandate,
    universe: { ...universe, instruments: instruments.filter((instrument) => instrument !== undefined) },
    ...(regimes && { regimeAt: ({ row }: { row: number }) => viewAt(setting, row, shift) }),
    ...(onProposal && {
      observe: (event: { type: string }) => {
        if (event.type === 'AllocationProposed') onProposal(event as AllocationProposed);
      },
    }),
  });
  return simulate(setting, own, policy, mandate.anchorWeights, true);
}

/** Holds an anchor, set back to its weights each month. */
export function runAnchor(setting: EvidenceSetting, anchor: Readonly<Record<string, number>>): PortfolioSimulation {
  return simulate(setting, narrowed(setting.market, Object.keys(anchor)), anchorPolicy(anchor), anchor, false);
}

/** Runs any other policy over some assets, from cash on. */
export function runPolicy(
  setting: EvidenceSetting,
  assets: readonly string[],
  policy: PortfolioPolicy,
): PortfolioSimulation {
  return simulate(setting, narrowed(setting.market, assets), policy, undefined, true);
}

function simulate(
  { firstRow, cost }: EvidenceSetting,
  market: MarketHistory,
  policy: PortfolioPolicy,
  anchor: Readonly<Record<string, number>> | undefined,
  everyRow: boolean,
): PortfolioSimulation {
  return simulatePortfolio(market, policy, {
    firstRow,
    scheduledRows: [firstRow, ...monthEndRows(market.dates, firstRow + 1)],
    everyRow,
    costs: { proportional: cost },
    ...(anchor && { initialWeights: listedWeights(anchor, market, firstRow) }),
  });
}

function viewAt({ stress, stressAhead }: EvidenceSetting, row: number, shift: number): RegimeView {
  const at = (row + shift) % stress.length;
  return stressView(stress[at], stressAhead[at]);
}
