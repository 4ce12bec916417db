import {
  AssetClustersChangedSchema,
  DecisionTriggerSchema,
  RegimeSchema,
  RiskBudgetSetSchema,
  RiskModelEstimatedSchema,
  type CoreExposure as CoreExposureMessage,
  type Core as CoreMessage,
  type Holding as HoldingMessage,
  type ModelUse as ModelUseMessage,
  type Price as PriceMessage,
} from '@allostat/contracts';
import { toDecimal } from '@allostat/kernel';
import type { CoreExposure, DecisionTrigger, ModelUse, RiskBudgetSet, Quote } from '@allostat/pipeline';
import { eventMapper } from './event-mapper';
import { enumNumber, optional, type FieldReader } from './field-reader';
import { overridersFromWire, overridersToWire } from './market.mapper';
import { fusedFromWire, fusedToWire, probabilitiesFromWire } from './regime-detection.mapper';
import { quoteFromWire, quoteToWire } from './quote.mapper';
import { surrogateFromWire, surrogateToWire } from './surrogate.mapper';

export interface Price {
  readonly id: string;
  readonly close: number;
  readonly averageDailyValue?: number;
  readonly quote?: Quote;
}

export const pricesToWire = (prices: readonly Price[]) =>
  prices.map(({ id, close, averageDailyValue, quote }) => ({
    ...optional('quote', quote, quoteToWire),
    ...{ id, close: toDecimal(close) },
    ...optional('averageDailyValue', averageDailyValue, toDecimal),
  }));

export const pricesFromWire = (prices: readonly PriceMessage[], read: FieldReader): Price[] =>
  prices.map(({ id, close, averageDailyValue, quote }) => ({
    ...{ id: read.text('prices.id', id), close: read.decimal('prices.close', close) },
    ...optional('averageDailyValue', averageDailyValue, (value) => read.decimal('prices.average_daily_value', value)),
    ...optional('quote', quote, (value) => quoteFromWire('prices.quote', value, read)),
  }));

export const modelsToWire = (models: readonly ModelUse[] = []): ModelUse[] => models.map((use) => ({ ...use }));

export const modelsFromWire = (models: readonly ModelUseMessage[], read: FieldReader): ModelUse[] =>
  models.map(({ name, version }) => ({
    name: read.text('models.name', name),
    version: read.text('models.version', version),
  }));

function holdingsFromWire(holdings: readonly HoldingMessage[], read: FieldReader): { id: string; weight: number }[] {
  const weights = holdings.map(({ id, weight }) => ({
    id: read.text('holdings.id', id),
    weight: read.decimal('holdings.weight', weight),
  }));
  read.sumsToOne(
    'holdings.weight',
    weights.map(({ weight }) => weight),
  );
  return weights;
}

export function exposureFromWire(
  field: string,
  message: CoreExposureMessage | undefined,
  read: FieldReader,
): CoreExposure {
  const { exposure, volatility, drawdown, regime, tail, preservation, step } = read.present(field, message);
  const share = (name: string, value: number): number => read.between(`${field}.${name}`, value, 0, 1);
  return {
    exposure: share('exposure', exposure),
    volatility: share('volatility', volatility),
    drawdown: share('drawdown', drawdown),
    regime: share('regime', regime),
    ...optional('tail', tail, (value) => share('tail', value)),
    ...optional('preservation', preservation, (value) => share('preservation', value)),
    ...optional('step', step, (value) => read.between(`${field}.step`, value, 0.5, 2)),
  };
}

const coreToWire = ({ weights, ...exposure }: NonNullable<RiskBudgetSet['core']>) => ({
  weights: weights.map((entry) => ({ ...entry })),
  exposure,
});

function coreFromWire(message: CoreMessage, read: FieldReader): NonNullable<RiskBudgetSet['core']> {
  const weights = message.weights.map(({ id, weight }) => ({
    id: read.text('core.weights.id', id),
    weight: read.between('core.weights.weight', weight, 0, 1),
  }));
  read.sumsToOne(
    'core.weights',
    weights.map(({ weight }) => weight),
  );
  return { weights, ...exposureFromWire('core.exposure', message.exposure, read) };
}

export const riskModelEstimated = eventMapper({
  type: 'RiskModelEstimated',
  topic: 'risk.model.v1',
  schema: RiskModelEstimatedSchema,
  key: (event) => event.universeId,
  toWire: (event) => ({ ...event, assets: [...event.assets], volatilities: [...event.volatilities] }),
  fromWire: (message, read) => ({
    type: 'RiskModelEstimated',
    universeId: read.text('universe_id', message.universeId),
    asOf: read.date('as_of', message.asOf),
    bar: message.bar,
    assets: message.assets.map((asset) => read.text('assets', asset)),
    volatilities: message.volatilities.map((value) => read.between('volatilities', value, 0, Number.MAX_VALUE)),
    averageCorrelation: read.between('average_correlation', message.averageCorrelation, -1, 1),
    shrinkage: read.between('shrinkage', message.shrinkage, 0, 1),
    volatilityHalfLifeBars: read.finite('volatility_half_life_bars', message.volatilityHalfLifeBars),
    correlationHalfLifeBars: read.finite('correlation_half_life_bars', message.correlationHalfLifeBars),
    covariance: read.hash('covariance', message.covariance),
  }),
});

export const assetClustersChanged = eventMapper({
  type: 'AssetClustersChanged',
  topic: 'risk.model.v1',
  schema: AssetClustersChangedSchema,
  key: (event) => event.universeId,
  toWire: (event) => ({
    ...event,
    regime: enumNumber(RegimeSchema, event.regime),
    clusters: event.clusters.map((ids) => ({ ids: [...ids] })),
    moved: event.moved.map(({ id, from, to }) => ({ id, from: [...from], to: [...to] })),
  }),
  fromWire: (message, read) => ({
    type: 'AssetClustersChanged',
    universeId: read.text('universe_id', message.universeId),
    asOf: read.date('as_of', message.asOf),
    regime: read.enumName('regime', RegimeSchema, message.regime),
    clusters: message.clusters.map(({ ids }) => ids.map((id) => read.text('clusters.ids', id))),
    moved: message.moved.map(({ id, from, to }) => ({ id: read.text('moved.id', id), from: [...from], to: [...to] })),
    agreement: read.between('agreement', message.agreement, -1, 1),
    ...optional('since', message.since, (value) => read.date('since', value)),
  }),
});

export const riskBudgetSet = eventMapper({
  type: 'RiskBudgetSet',
  topic: 'risk.budget.v1',
  schema: RiskBudgetSetSchema,
  key: (event) => event.mandateId,
  toWire: ({ decisionDue, core, value, lots, dataOverriders, models, surrogate, ...event }) => ({
    ...event,
    ...optional('surrogate', surrogate, surrogateToWire),
    models: modelsToWire(models),
    ...overridersToWire(dataOverriders),
    regime: enumNumber(RegimeSchema, event.regime),
    causes: event.causes.map((cause) => ({ ...cause })),
    ...optional('decisionDue', decisionDue, (trigger) => enumNumber(DecisionTriggerSchema, trigger)),
    prices: pricesToWire(event.prices),
    holdings: event.holdings.map(({ id, weight }) => ({ id, weight: toDecimal(weight) })),
    ...optional('core', core, coreToWire),
    fused: fusedToWire(event.fused),
    ...optional('value', value),
    lots: (lots ?? []).map(({ weight, ...lot }) => ({ ...lot, weight: toDecimal(weight) })), // no list is an empty one
  }),
  fromWire: (message, read) => ({
    type: 'RiskBudgetSet',
    mandateId: read.text('mandate_id', message.mandateId),
    mandateVersion: message.mandateVersion,
    universeId: read.text('universe_id', message.universeId),
    asOf: read.date('as_of', message.asOf),
    bar: message.bar,
    regime: read.enumName('regime', RegimeSchema, message.regime),
    forecast: probabilitiesFromWire('forecast', message.forecast, read),
    volatilityTarget: read.between('volatility_target', message.volatilityTarget, 0, 10),
    drawdown: read.between('drawdown', message.drawdown, 0, 1),
    drawdownBudgetUsed: read.between('drawdown_budget_used', message.drawdownBudgetUsed, 0, Number.MAX_VALUE),
    causes: message.causes.map(({ step, value, reason }) => ({
      step: read.text('causes.step', step),
      value: read.finite('causes.value', value),
      reason: read.text('causes.reason', reason),
    })),
    riskModel: read.hash('risk_model', message.riskModel),
    ...optional('decisionDue', message.decisionDue, (value) =>
      read.enumName<DecisionTrigger>('decision_due', DecisionTriggerSchema, value),
    ),
    prices: pricesFromWire(message.prices, read),
    holdings: holdingsFromWire(message.holdings, read),
    ...optional('core', message.core, (value) => coreFromWire(value, read)),
    ...overridersFromWire(message.dataOverriders, read),
    ...fusedFromWire(message.fused, read),
    ...optional('value', message.value, (value) => read.between('value', value, 0, Number.MAX_VALUE)),
    ...(message.lots.length > 0 && {
      lots: message.lots.map(({ id, weight, gain, bought }) => ({
        id: read.text('lots.id', id),
        weight: read.decimal('lots.weight', weight),
        gain: read.finite('lots.gain', gain),
        bought: read.date('lots.bought', bought),
      })),
    }),
    ...(message.models.length > 0 && { models: modelsFromWire(message.models, read) }),
    ...optional('regimeProbability', message.regimeProbability, (value) =>
      read.between('regime_probability', value, 0, 1),
    ),
    ...optional('surrogate', message.surrogate, (value) => surrogateFromWire(value, read)),
  }),
});
