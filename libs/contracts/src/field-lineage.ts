import type { TopicName } from './topics';

/** A field of the messages of a topic, in the names of the contracts. */
export interface TopicField {
  readonly topic: TopicName;
  readonly field: string;
}

const from = (topic: TopicName, ...fields: readonly string[]): TopicField[] =>
  fields.map((field) => ({ topic, field }));

/**
 * What the fields of the line's messages are computed from. Followed upwards it leads from the targets of an instruction, over
 * weights, budget, covariance, regime and signals, to observations; and observations name file and row.
 */
export const FIELD_LINEAGE: Readonly<Partial<Record<TopicName, Readonly<Record<string, readonly TopicField[]>>>>> = {
  'market.quarantine.v1': { observation: from('market.observation.v1', 'observations') },
  'signal.snapshot.v1': {
    instruments: from('market.observation.v1', 'observations'),
    signals: from('market.observation.v1', 'observations'),
    coverage: from('market.observation.v1', 'observations'),
    fusion: from('market.observation.v1', 'observations'),
    data_overriders: from('market.override.v1', 'by'),
  },
  'regime.assessment.v1': {
    regime: from('signal.snapshot.v1', 'signals'),
    probabilities: from('signal.snapshot.v1', 'signals'),
    forecasts: from('signal.snapshot.v1', 'signals'),
    log_score: from('signal.snapshot.v1', 'signals'),
    instruments: from('signal.snapshot.v1', 'instruments'),
    coverage: from('signal.snapshot.v1', 'coverage'),
    data_overriders: from('signal.snapshot.v1', 'data_overriders'),
  },
  'regime.alert.v1': { probability: from('signal.snapshot.v1', 'signals') },
  'risk.model.v1': {
    volatilities: from('regime.assessment.v1', 'instruments'),
    average_correlation: from('regime.assessment.v1', 'instruments'),
    covariance: from('regime.assessment.v1', 'instruments'),
  },
  'risk.budget.v1': {
    volatility_target: [
      ...from('regime.assessment.v1', 'regime', 'forecasts', 'instruments'),
      ...from('mandate.version.v1', 'volatility_target', 'regime_scale', 'drawdown_budget'),
    ],
    core: [
      ...from('regime.assessment.v1', 'forecasts', 'instruments'),
      ...from('mandate.version.v1', 'anchor_weights', 'construction'),
    ],
    risk_model: from('regime.assessment.v1', 'instruments'),
    prices: from('regime.assessment.v1', 'instruments'),
    holdings: [...from('allocation.status.v1', 'holdings'), ...from('regime.assessment.v1', 'instruments')],
    data_overriders: from('regime.assessment.v1', 'data_overriders'),
  },
  'allocation.proposal.v1': {
    weights: [
      ...from('risk.budget.v1', 'core', 'volatility_target', 'risk_model', 'prices', 'holdings'),
      ...from('mandate.version.v1', 'instrument_bounds', 'asset_class_bounds', 'max_turnover', 'no_trade_band'),
    ],
    expected_volatility: from('risk.budget.v1', 'risk_model'),
    prices: from('risk.budget.v1', 'prices'),
    data_overriders: from('risk.budget.v1', 'data_overriders'),
  },
  'governance.decision.v1': { content_hash: from('allocation.proposal.v1', 'weights') },
  'allocation.instruction.v1': { targets: from('allocation.proposal.v1', 'weights') },
};
