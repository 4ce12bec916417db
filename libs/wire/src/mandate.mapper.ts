import {
  CoreKindSchema,
  CovarianceKind,
  CovarianceKindSchema,
  MandateVersionedSchema,
  PilotStageSchema,
  RebalancePeriodSchema,
  type Construction as ConstructionMessage,
  type WeightBounds as BoundsMessage,
} from '@allostat/contracts';
import { toDecimal } from '@allostat/kernel';
import type { Construction, Mandate, WeightBounds } from '@allostat/pipeline';
import { objectiveFromWire, objectiveToWire, tradingFromWire, tradingToWire } from './mandate-trading.mapper';
import { calendarFromWire, calendarToWire } from './calendar.mapper';
import { eventMapper } from './event-mapper';
import { mapValues } from './map-values';
import { enumNumber, optional, type FieldReader } from './field-reader';

const boundsToWire = ({ min, max }: WeightBounds) => ({ min: toDecimal(min), max: toDecimal(max) });
const boundsFromWire = (field: string, message: BoundsMessage | undefined, read: FieldReader): WeightBounds => {
  const bounds = read.present(field, message);
  return { min: read.decimal(`${field}.min`, bounds.min), max: read.decimal(`${field}.max`, bounds.max) };
};

const nonEmpty = <T extends object>(record: T): T | undefined => (Object.keys(record).length > 0 ? record : undefined);

const constructionToWire = (construction: Construction) => ({
  core: enumNumber(CoreKindSchema, construction.core),
  groups: (construction.groups ?? []).map(({ name, instruments, budget }) => ({
    name,
    instruments: [...instruments],
    budget: toDecimal(budget),
  })),
  ...optional('volatilityShare', construction.volatilityShare, toDecimal),
  tilt: toDecimal(construction.tilt),
  drawdownControl: construction.drawdownControl,
  ...optional('drawdownMultiple', construction.drawdownMultiple, toDecimal),
  ...optional('regimeCut', construction.regimeCut, toDecimal),
  band: toDecimal(construction.band),
  ...optional('riskAversion', construction.riskAversion, toDecimal),
  ...optional('covariance', construction.covariance, (kind) => enumNumber(CovarianceKindSchema, kind)),
  ...optional('stepMin', construction.stepMin, toDecimal),
  ...optional('objective', construction.objective, objectiveToWire),
});

function constructionFromWire(message: ConstructionMessage, read: FieldReader): Construction {
  const decimal = (field: string) => (value: string) => read.decimal(`construction.${field}`, value);
  const groups = message.groups.map(({ name, instruments, budget }) => ({
    name: read.text('construction.groups.name', name),
    instruments: instruments.map((id) => read.text('construction.groups.instruments', id)),
    budget: decimal('groups.budget')(budget),
  }));
  return {
    core: read.enumName('construction.core', CoreKindSchema, message.core),
    ...(groups.length > 0 && { groups }),
    ...optional('volatilityShare', message.volatilityShare, decimal('volatility_share')),
    tilt: decimal('tilt')(message.tilt),
    drawdownControl: message.drawdownControl,
    ...optional('drawdownMultiple', message.drawdownMultiple, decimal('drawdown_multiple')),
    ...optional('regimeCut', message.regimeCut, decimal('regime_cut')),
    band: decimal('band')(message.band),
    ...optional('riskAversion', message.riskAversion, decimal('risk_aversion')),
    ...(message.covariance !== CovarianceKind.UNSPECIFIED && {
      covariance: read.enumName<'regime'>('construction.covariance', CovarianceKindSchema, message.covariance),
    }),
    ...optional('stepMin', message.stepMin, decimal('step_min')),
    ...optional('objective', message.objective, (value) => objectiveFromWire(value, read)),
  };
}

export const mandateVersioned = eventMapper({
  type: 'MandateVersioned',
  topic: 'mandate.version.v1',
  schema: MandateVersionedSchema,
  key: (event) => event.mandate.id,
  toWire: ({ mandate }) => ({
    mandateId: mandate.id,
    version: mandate.version,
    name: mandate.name,
    universeId: mandate.universeId,
    currency: mandate.currency,
    notional: toDecimal(mandate.notional),
    anchorWeights: mapValues(mandate.anchorWeights, toDecimal),
    rebalanceEvery: enumNumber(RebalancePeriodSchema, mandate.rebalance.every),
    rebalanceOnRegimeChange: mandate.rebalance.onRegimeChange,
    volatilityTarget: toDecimal(mandate.risk.volatilityTarget),
    regimeScale: {
      expansion: toDecimal(mandate.risk.regimeScale.expansion),
      tightening: toDecimal(mandate.risk.regimeScale.tightening),
      crisis: toDecimal(mandate.risk.regimeScale.crisis),
      recovery: toDecimal(mandate.risk.regimeScale.recovery),
    },
    drawdownBudget: toDecimal(mandate.risk.drawdownBudget),
    ...optional('tailBudget', mandate.risk.tailBudget, ({ cvar, confidence }) => ({
      cvar: toDecimal(cvar),
      confidence: toDecimal(confidence),
    })),
    ...optional('preservation', mandate.risk.preservation, ({ floor, horizonBars, confidence }) => ({
      floor: toDecimal(floor),
      horizonBars,
      confidence: toDecimal(confidence),
    })),
    defaultBounds: boundsToWire(mandate.limits.default),
    instrumentBounds: mapValues(mandate.limits.byInstrument ?? {}, boundsToWire),
    assetClassBounds: mapValues(mandate.limits.byAssetClass ?? {}, boundsToWire),
    noTradeBand: toDecimal(mandate.limits.noTradeBand),
    ...optional('maxTurnover', mandate.limits.maxTurnover, toDecimal),
    defaultCostBps: toDecimal(mandate.defaultCostBps),
    ...optional('cashInstrument', mandate.cashInstrument),
    requiredApprovals: mandate.approvals.required,
    validityDays: mandate.approvals.validityDays,
    stage: enumNumber(PilotStageSchema, mandate.stage),
    ...optional('construction', mandate.construction, constructionToWire),
    ...optional('trading', mandate.trading, tradingToWire),
    ...optional('calendar', mandate.calendar, calendarToWire),
  }),
  fromWire: (message, read) => {
    const anchorWeights = mapValues(message.anchorWeights, (value, key) =>
      read.decimal(`anchor_weights.${key}`, value),
    );
    read.sumsToOne('anchor_weights', Object.values(anchorWeights));
    const scale = read.present('regime_scale', message.regimeScale);
    const bounds = (field: string, map: Record<string, BoundsMessage>) =>
      nonEmpty(mapValues(map, (value, key) => boundsFromWire(`${field}.${key}`, value, read)));
    const mandate: Mandate = {
      id: read.text('mandate_id', message.mandateId),
      version: message.version,
      name: read.text('name', message.name),
      universeId: read.text('universe_id', message.universeId),
      currency: read.text('currency', message.currency),
      notional: read.decimal('notional', message.notional),
      anchorWeights,
      ...optional('construction', message.construction, (value) => constructionFromWire(value, read)),
      rebalance: {
        every: read.enumName('rebalance_every', RebalancePeriodSchema, message.rebalanceEvery),
        onRegimeChange: message.rebalanceOnRegimeChange,
      },
      risk: {
        volatilityTarget: read.decimal('volatility_target', message.volatilityTarget),
        regimeScale: {
          expansion: read.decimal('regime_scale.expansion', scale.expansion),
          tightening: read.decimal('regime_scale.tightening', scale.tightening),
          crisis: read.decimal('regime_scale.crisis', scale.crisis),
          recovery: read.decimal('regime_scale.recovery', scale.recovery),
        },
        drawdownBudget: read.decimal('drawdown_budget', message.drawdownBudget),
        ...optional('tailBudget', message.tailBudget, ({ cvar, confidence }) => ({
          cvar: read.decimal('tail_budget.cvar', cvar),
          confidence: read.decimal('tail_budget.confidence', confidence),
        })),
        ...optional('preservation', message.preservation, ({ floor, horizonBars, confidence }) => ({
          floor: read.decimal('preservation.floor', floor),
          horizonBars,
          confidence: read.decimal('preservation.confidence', confidence),
        })),
      },
      limits: {
        default: boundsFromWire('default_bounds', message.defaultBounds, read),
        ...optional('byInstrument', bounds('instrument_bounds', message.instrumentBounds)),
        ...optional('byAssetClass', bounds('asset_class_bounds', message.assetClassBounds)),
        noTradeBand: read.decimal('no_trade_band', message.noTradeBand),
        ...optional('maxTurnover', message.maxTurnover, (value) => read.decimal('max_turnover', value)),
      },
      ...optional('trading', message.trading, (value) => tradingFromWire(value, read)),
      ...optional('calendar', message.calendar, (value) => calendarFromWire(value, read)),
      defaultCostBps: read.decimal('default_cost_bps', message.defaultCostBps),
      ...optional('cashInstrument', message.cashInstrument),
      approvals: { required: message.requiredApprovals, validityDays: message.validityDays },
      stage: read.enumName('stage', PilotStageSchema, message.stage),
    };
    return { type: 'MandateVersioned', mandate };
  },
});
