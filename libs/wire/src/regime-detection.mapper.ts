import {
  RegimeAssessedSchema,
  RegimeChangedSchema,
  RegimeSchema,
  type FusedPart as FusedPartMessage,
  type RegimeProbabilities as ProbabilitiesMessage,
} from '@allostat/contracts';
import type { FusedPart, RegimeProbabilities } from '@allostat/pipeline';
import { quoteFromWire, quoteToWire } from './quote.mapper';
import { eventMapper } from './event-mapper';
import { enumNumber, optional, type FieldReader } from './field-reader';
import { overridersFromWire, overridersToWire } from './market.mapper';
import { regimeCauses } from './regime-causes';

export function probabilitiesFromWire(
  field: string,
  message: ProbabilitiesMessage | undefined,
  read: FieldReader,
): RegimeProbabilities {
  const { expansion, tightening, crisis, recovery } = read.present(field, message);
  const values = [expansion, tightening, crisis, recovery];
  values.forEach((value) => read.between(field, value, 0, 1));
  read.sumsToOne(field, values);
  return { expansion, tightening, crisis, recovery };
}

export const fusedToWire = (fused: readonly FusedPart[] | undefined): FusedPart[] =>
  (fused ?? []).map((part) => ({ ...part })); // no list is an empty one on the wire

export function fusedFromWire(
  fused: readonly FusedPartMessage[],
  read: FieldReader,
): { readonly fused?: readonly FusedPart[] } {
  if (fused.length === 0) return {};
  return {
    fused: fused.map(({ name, contribution, standardised }) => ({
      name: read.text('fused.name', name),
      contribution: read.finite('fused.contribution', contribution),
      ...(standardised !== undefined && { standardised: read.finite('fused.standardised', standardised) }),
    })),
  };
}

export const regimeAssessed = eventMapper({
  type: 'RegimeAssessed',
  topic: 'regime.assessment.v1',
  schema: RegimeAssessedSchema,
  key: (event) => event.universeId,
  toWire: ({ dataOverriders, ...event }) => ({
    ...event,
    ...overridersToWire(dataOverriders),
    regime: enumNumber(RegimeSchema, event.regime),
    forecasts: event.forecasts.map(({ horizonBars, probabilities }) => ({ horizonBars, probabilities })),
    instruments: event.instruments.map(({ quote, ...instrument }) => ({
      ...instrument,
      ...optional('quote', quote, quoteToWire),
    })),
    fused: fusedToWire(event.fused),
  }),
  fromWire: (message, read) => ({
    type: 'RegimeAssessed',
    universeId: read.text('universe_id', message.universeId),
    asOf: read.date('as_of', message.asOf),
    bar: message.bar,
    regime: read.enumName('regime', RegimeSchema, message.regime),
    probabilities: probabilitiesFromWire('probabilities', message.probabilities, read),
    forecasts: message.forecasts.map(({ horizonBars, probabilities }) => ({
      horizonBars,
      probabilities: probabilitiesFromWire('forecasts.probabilities', probabilities, read),
    })),
    logScore: read.finite('log_score', message.logScore),
    modelVersion: read.text('model_version', message.modelVersion),
    instruments: message.instruments.map((instrument) => ({
      id: read.text('instruments.id', instrument.id),
      ...optional('close', instrument.close, (value) => read.finite('instruments.close', value)),
      ...optional('return', instrument.return, (value) => read.finite('instruments.return', value)),
      staleBars: instrument.staleBars,
      ...optional('averageDailyValue', instrument.averageDailyValue, (value) =>
        read.between('instruments.average_daily_value', value, 0, Infinity),
      ),
      ...optional('quote', instrument.quote, (value) => quoteFromWire('instruments.quote', value, read)),
    })),
    coverage: read.between('coverage', message.coverage, 0, 1),
    ...overridersFromWire(message.dataOverriders, read),
    ...fusedFromWire(message.fused, read),
  }),
});

export const regimeChanged = eventMapper({
  type: 'RegimeChanged',
  topic: 'regime.alert.v1',
  schema: RegimeChangedSchema,
  key: (event) => event.universeId,
  toWire: (event) => ({
    ...event,
    from: enumNumber(RegimeSchema, event.from),
    to: enumNumber(RegimeSchema, event.to),
    causes: event.causes.map((cause) => ({ ...cause })),
  }),
  fromWire: (message, read) => ({
    type: 'RegimeChanged',
    universeId: read.text('universe_id', message.universeId),
    asOf: read.date('as_of', message.asOf),
    from: read.enumName('from', RegimeSchema, message.from),
    to: read.enumName('to', RegimeSchema, message.to),
    probability: read.between('probability', message.probability, 0, 1),
    causes: regimeCauses(message.causes, read),
    modelVersion: read.text('model_version', message.modelVersion),
  }),
});
