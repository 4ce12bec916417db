import type { Universe } from '../universe/universe';
import type { Mandate } from './mandate';

/** A small well-formed universe and mandate: the common ground of examples and tests. */
export const SAMPLE_UNIVERSE: Universe = {
  id: 'demo',
  version: 1,
  currency: 'USD',
  instruments: [
    { id: 'EQ', assetClass: 'equity' },
    { id: 'BOND', assetClass: 'government-bond', costBps: 2 },
    { id: 'GOLD', assetClass: 'gold' },
    { id: 'CASH', assetClass: 'cash', costBps: 0 },
  ],
};

export const SAMPLE_MANDATE: Mandate = {
  id: 'balanced',
  version: 1,
  name: 'Balanced',
  universeId: 'demo',
  currency: 'USD',
  notional: 1e8,
  anchorWeights: { EQ: 0.6, BOND: 0.4 },
  rebalance: { every: 'week', onRegimeChange: true },
  risk: {
    volatilityTarget: 0.08,
    regimeScale: { expansion: 1, tightening: 0.9, crisis: 0.5, recovery: 0.8 },
    drawdownBudget: 0.1,
  },
  limits: { default: { min: 0, max: 0.7 }, noTradeBand: 0.01 },
  defaultCostBps: 10,
  cashInstrument: 'CASH',
  approvals: { required: 2, validityDays: 5 },
  stage: 'pilot',
};
