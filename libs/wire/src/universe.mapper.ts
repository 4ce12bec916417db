import { AssetClassSchema, ContextRoleSchema, UniverseVersionedSchema } from '@allostat/contracts';
import type { AssetClass } from '@allostat/pipeline';
import { toDecimal } from '@allostat/kernel';
import { eventMapper } from './event-mapper';
import { enumNumber, optional } from './field-reader';

export const universeVersioned = eventMapper({
  type: 'UniverseVersioned',
  topic: 'universe.version.v1',
  schema: UniverseVersionedSchema,
  key: (event) => event.universe.id,
  toWire: ({ universe }) => ({
    universeId: universe.id,
    version: universe.version,
    currency: universe.currency,
    instruments: universe.instruments.map((instrument) => ({
      id: instrument.id,
      assetClass: enumNumber(AssetClassSchema, instrument.assetClass),
      ...optional('name', instrument.name),
      ...optional('costBps', instrument.costBps, toDecimal),
      ...optional('venue', instrument.venue),
      ...optional('currency', instrument.currency),
      hedged: instrument.hedged === true,
    })),
    currencies: (universe.currencies ?? []).map(({ inverted, ...source }) => ({
      ...source,
      inverted: inverted === true,
    })),
    ...optional('shortRate', universe.shortRate),
    ...optional('shortRateYear', universe.shortRateYear),
    ...optional('rateDaysMax', universe.rateDaysMax),
    context: (universe.context ?? []).map(({ seriesId, role }) => ({
      seriesId,
      role: enumNumber(ContextRoleSchema, role),
    })),
    ...optional('equityProxy', universe.equityProxy),
    ...optional('bondProxy', universe.bondProxy),
    ...optional('coverageMin', universe.coverageMin, toDecimal),
  }),
  fromWire: (message, read) => ({
    type: 'UniverseVersioned',
    universe: {
      id: read.text('universe_id', message.universeId),
      version: message.version,
      currency: read.text('currency', message.currency),
      instruments: message.instruments.map((instrument) => ({
        id: read.text('instruments.id', instrument.id),
        assetClass: read.enumName<AssetClass>('instruments.asset_class', AssetClassSchema, instrument.assetClass),
        ...optional('name', instrument.name),
        ...optional('costBps', instrument.costBps, (value) => read.decimal('instruments.cost_bps', value)),
        ...optional('venue', instrument.venue),
        ...optional('currency', instrument.currency),
        ...(instrument.hedged && { hedged: true as const }),
      })),
      ...(message.currencies.length > 0 && {
        currencies: message.currencies.map(({ code, rate, inverted, shortRate, shortRateYear }) => ({
          code: read.text('currencies.code', code),
          rate: read.text('currencies.rate', rate),
          ...(inverted && { inverted: true as const }),
          ...optional('shortRate', shortRate),
          ...optional('shortRateYear', shortRateYear),
        })),
      }),
      ...optional('shortRate', message.shortRate),
      ...optional('shortRateYear', message.shortRateYear),
      ...optional('rateDaysMax', message.rateDaysMax),
      ...(message.context.length > 0 && {
        context: message.context.map(({ seriesId, role }) => ({
          seriesId: read.text('context.series_id', seriesId),
          role: read.enumName<'macro' | 'sentiment'>('context.role', ContextRoleSchema, role),
        })),
      }),
      ...optional('equityProxy', message.equityProxy),
      ...optional('bondProxy', message.bondProxy),
      ...optional('coverageMin', message.coverageMin, (value) =>
        read.between('coverage_min', read.decimal('coverage_min', value), 0, 1),
      ),
    },
  }),
});
