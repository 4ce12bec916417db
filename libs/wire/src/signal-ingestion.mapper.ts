import {
  ObservationOverriddenSchema,
  ObservationQuarantinedSchema,
  OverrideActionSchema,
  QuarantineSeveritySchema,
  SignalSnapshotPublishedSchema,
  SnapshotRefusedSchema,
} from '@allostat/contracts';
import type {
  InstrumentBar,
  ObservationOverridden,
  ObservationQuarantined,
  QuarantineOwner,
  QuarantineRule,
  Signal,
} from '@allostat/pipeline';
import { quoteFromWire, quoteToWire } from './quote.mapper';
import { eventMapper } from './event-mapper';
import { enumNumber, optional, type FieldReader } from './field-reader';
import { observationFromWire, observationToWire, overridersFromWire, overridersToWire } from './market.mapper';

export const observationQuarantined = eventMapper({
  type: 'ObservationQuarantined',
  topic: 'market.quarantine.v1',
  schema: ObservationQuarantinedSchema,
  key: (event) => event.universeId,
  toWire: (event) => ({
    ...event,
    observation: observationToWire(event.observation),
    severity: enumNumber(QuarantineSeveritySchema, event.severity),
    neighbours: [...event.neighbours],
  }),
  fromWire: (message, read) => ({
    type: 'ObservationQuarantined',
    universeId: read.text('universe_id', message.universeId),
    feed: read.text('feed', message.feed),
    observation: observationFromWire(read.present('observation', message.observation), read),
    rule: read.text('rule', message.rule) as QuarantineRule,
    severity: read.enumName<ObservationQuarantined['severity']>('severity', QuarantineSeveritySchema, message.severity),
    observed: read.finite('observed', message.observed),
    limit: read.finite('limit', message.limit),
    reason: read.text('reason', message.reason),
    neighbours: message.neighbours.map(({ eventTime, value }) => ({
      eventTime: read.date('neighbours.event_time', eventTime),
      value: read.finite('neighbours.value', value),
    })),
    ...optional('owner', message.owner, (owner) => read.text('owner', owner) as QuarantineOwner),
  }),
});

export const observationOverridden = eventMapper({
  type: 'ObservationOverridden',
  topic: 'market.override.v1',
  schema: ObservationOverriddenSchema,
  key: (event) => event.universeId,
  toWire: (event) => ({
    ...event,
    action: enumNumber(OverrideActionSchema, event.action),
    observation: observationToWire(event.observation),
  }),
  fromWire: (message, read) => ({
    type: 'ObservationOverridden',
    universeId: read.text('universe_id', message.universeId),
    findingId: read.text('finding_id', message.findingId),
    action: read.enumName<ObservationOverridden['action']>('action', OverrideActionSchema, message.action),
    observation: observationFromWire(read.present('observation', message.observation), read),
    rule: read.text('rule', message.rule) as QuarantineRule,
    ...optional('replaced', message.replaced, (value) => read.finite('replaced', value)),
    by: read.text('by', message.by),
    reason: read.text('reason', message.reason),
    at: read.instant('at', message.at),
    used: message.used,
  }),
});

export const snapshotRefused = eventMapper({
  type: 'SnapshotRefused',
  topic: 'market.quarantine.v1',
  schema: SnapshotRefusedSchema,
  key: (event) => event.universeId,
  toWire: (event) => ({ ...event, missing: [...event.missing] }),
  fromWire: (message, read) => ({
    type: 'SnapshotRefused',
    universeId: read.text('universe_id', message.universeId),
    asOf: read.date('as_of', message.asOf),
    coverage: read.between('coverage', message.coverage, 0, 1),
    minimum: read.between('minimum', message.minimum, 0, 1),
    missing: message.missing.map((id) => read.text('missing', id)),
    reason: read.text('reason', message.reason),
  }),
});

const finite = (field: string, read: FieldReader) => (value: number) => read.finite(field, value);

export const signalSnapshotPublished = eventMapper({
  type: 'SignalSnapshotPublished',
  topic: 'signal.snapshot.v1',
  schema: SignalSnapshotPublishedSchema,
  key: (event) => event.universeId,
  toWire: ({ fusion, dataOverriders, ...event }) => ({
    ...event,
    ...overridersToWire(dataOverriders),
    instruments: event.instruments.map(({ quote, ...bar }) => ({ ...bar, ...optional('quote', quote, quoteToWire) })),
    signals: event.signals.map((signal) => ({ ...signal })),
    ...optional('fusion', fusion, ({ score, contributions }) => ({
      ...optional('score', score),
      contributions: contributions.map((part) => ({ ...part })),
    })),
  }),
  fromWire: (message, read) => ({
    type: 'SignalSnapshotPublished',
    universeId: read.text('universe_id', message.universeId),
    universeVersion: message.universeVersion,
    asOf: read.date('as_of', message.asOf),
    knownTime: read.instant('known_time', message.knownTime),
    bar: message.bar,
    instruments: message.instruments.map((bar): InstrumentBar => ({
      id: read.text('instruments.id', bar.id),
      ...optional('close', bar.close, finite('instruments.close', read)),
      ...optional('return', bar.return, finite('instruments.return', read)),
      staleBars: bar.staleBars,
      ...optional('momentum12m1', bar.momentum12m1, finite('instruments.momentum_12m1', read)),
      ...optional('trend', bar.trend, finite('instruments.trend', read)),
      ...optional('volatility', bar.volatility, finite('instruments.volatility', read)),
      ...optional('drawdown', bar.drawdown, finite('instruments.drawdown', read)),
      ...optional('averageDailyValue', bar.averageDailyValue, (value) =>
        read.between('instruments.average_daily_value', value, 0, Infinity),
      ),
      ...optional('quote', bar.quote, (value) => quoteFromWire('instruments.quote', value, read)),
    })),
    signals: message.signals.map((signal): Signal => ({
      name: read.text('signals.name', signal.name),
      family: read.text('signals.family', signal.family) as Signal['family'],
      units: signal.units,
      ...optional('value', signal.value, finite('signals.value', read)),
    })),
    coverage: read.between('coverage', message.coverage, 0, 1),
    ...overridersFromWire(message.dataOverriders, read),
    ...optional('fusion', message.fusion, ({ score, contributions }) => ({
      ...optional('score', score, finite('fusion.score', read)),
      contributions: contributions.map((part) => ({
        name: read.text('fusion.contributions.name', part.name),
        standardised: read.finite('fusion.contributions.standardised', part.standardised),
        weight: read.between('fusion.contributions.weight', part.weight, -1, 1),
        contribution: read.finite('fusion.contributions.contribution', part.contribution),
      })),
    })),
  }),
});
