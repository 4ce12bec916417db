import type { DomainEvent } from '@allostat/pipeline';

const at = '2024-01-31T21:00:00Z';
const asOf = '2024-01-31';

/** Samples of what people and models say about data, regimes and assets. */
export const MARKET_SAMPLES: readonly DomainEvent[] = [
  {
    type: 'ObservationOverridden',
    universeId: 'demo',
    findingId: 'f-1',
    action: 'correct',
    observation: { seriesId: 'GOLD', kind: 'price', eventTime: asOf, knownTime: at, revision: 1, value: 99.5 },
    rule: 'negative-price',
    replaced: -3,
    by: 'dana',
    reason: 'the exchange published 99.5',
    at,
    used: true,
  },
  {
    type: 'SnapshotRefused',
    universeId: 'demo',
    asOf,
    coverage: 0.25,
    minimum: 0.5,
    missing: ['GOLD', 'US_EQUITY'],
    reason: '25 % of the instruments have a usable value, 50 % are needed',
  },
  {
    type: 'RegimeForecastsScored',
    universeId: 'demo',
    asOf,
    modelVersion: 'regime-0001',
    since: '2023-01-02',
    horizons: [
      {
        horizonBars: 21,
        forecasts: 240,
        logScore: -0.25,
        brier: 0.125,
        persistenceBrier: 0.25,
        reliability: [{ from: 0.9, to: 0.98, forecasts: 200, said: 0.95, happened: 0.94 }],
      },
    ],
  },
  {
    type: 'RegimeModelAligned',
    universeId: 'demo',
    fromVersion: 'regime-0001',
    toVersion: 'regime-0002',
    bars: 500,
    states: [{ before: 'expansion', after: 'expansion' }, { before: 'recovery' }],
    agreement: 0.95,
    nameAgreement: 0.875,
    lookAt: true,
    at,
  },
  {
    type: 'AssetClustersChanged',
    universeId: 'demo',
    asOf,
    regime: 'crisis',
    clusters: [['GOLD', 'US_EQUITY'], ['CASH']],
    moved: [{ id: 'GOLD', from: ['CASH'], to: ['US_EQUITY'] }],
    agreement: 0.5,
    since: '2023-12-29',
  },
];
