import { SAMPLE_MANDATE } from '../../mandate/sample-mandate';
import type { DecisionRecord } from './decision-record';

/** A decision that every policy lets through under `SAMPLE_LIMITS`: the ground that tests change one fact of. */
export const SAMPLE_RECORD: DecisionRecord = {
  proposalId: 'p-1',
  contentHash: 'a'.repeat(64),
  asOf: '2024-01-31',
  at: '2024-02-01T00:00:00.000Z',
  purpose: 'pilot',
  mandate: {
    ...SAMPLE_MANDATE,
    limits: { ...SAMPLE_MANDATE.limits, byAssetClass: { equity: { min: 0.1, max: 0.6 } } },
  },
  lines: [
    { instrument: 'EQ', assetClass: 'equity', previousWeight: 0.6, targetWeight: 0.5, price: 100, heldWeight: 0.601 },
    {
      instrument: 'BOND',
      assetClass: 'government-bond',
      previousWeight: 0.3,
      targetWeight: 0.3,
      price: 50,
      heldWeight: 0.3,
    },
    { instrument: 'CASH', assetClass: 'cash', previousWeight: 0.1, targetWeight: 0.2, price: 1, heldWeight: 0.099 },
  ],
  orders: [
    { instrument: 'EQ', quantity: -100_000, lotSize: 1, price: 100 },
    { instrument: 'CASH', quantity: 10_000_000, lotSize: 1, price: 1 },
  ],
  expectedVolatility: 0.08,
  volatilityTarget: 0.08,
  certificate: { method: 'hrp', status: 'feasible', primalResidual: 1e-9, iterations: 1 },
  cvar95: 0.02,
  drawdownBudgetUsed: 0.4,
  daysToTrade: 1,
  modelAgeDays: 90,
  regimeProbability: 0.8,
  releases: ['2024-01-31T12:00:00.000Z', '2024-01-30T12:00:00.000Z'],
  builds: ['b1'],
};
