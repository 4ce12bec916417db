import { RegimeForecastsScoredSchema, RegimeModelAlignedSchema, RegimeSchema } from '@allostat/contracts';
import type { RegimeName } from '@allostat/pipeline';
import { eventMapper } from './event-mapper';
import { enumNumber, optional } from './field-reader';

export const regimeForecastsScored = eventMapper({
  type: 'RegimeForecastsScored',
  topic: 'regime.score.v1',
  schema: RegimeForecastsScoredSchema,
  key: (event) => event.universeId,
  toWire: (event) => ({
    ...event,
    horizons: event.horizons.map(({ reliability, ...score }) => ({
      ...score,
      reliability: reliability.map((bin) => ({ ...bin })),
    })),
  }),
  fromWire: (message, read) => ({
    type: 'RegimeForecastsScored',
    universeId: read.text('universe_id', message.universeId),
    asOf: read.date('as_of', message.asOf),
    modelVersion: read.text('model_version', message.modelVersion),
    since: read.date('since', message.since),
    horizons: message.horizons.map(({ horizonBars, forecasts, logScore, brier, persistenceBrier, reliability }) => ({
      horizonBars,
      forecasts,
      logScore: read.finite('horizons.log_score', logScore),
      brier: read.between('horizons.brier', brier, 0, 2),
      persistenceBrier: read.between('horizons.persistence_brier', persistenceBrier, 0, 2),
      reliability: reliability.map((bin) => ({
        from: read.between('horizons.reliability.from', bin.from, 0, 1),
        to: read.between('horizons.reliability.to', bin.to, 0, 1),
        forecasts: bin.forecasts,
        said: read.between('horizons.reliability.said', bin.said, 0, 1),
        happened: read.between('horizons.reliability.happened', bin.happened, 0, 1),
      })),
    })),
  }),
});

export const regimeModelAligned = eventMapper({
  type: 'RegimeModelAligned',
  topic: 'regime.score.v1',
  schema: RegimeModelAlignedSchema,
  key: (event) => event.universeId,
  toWire: (event) => ({
    ...event,
    states: event.states.map(({ before, after }) => ({
      before: enumNumber(RegimeSchema, before),
      ...optional('after', after, (name) => enumNumber(RegimeSchema, name)),
    })),
  }),
  fromWire: (message, read) => ({
    type: 'RegimeModelAligned',
    universeId: read.text('universe_id', message.universeId),
    fromVersion: read.text('from_version', message.fromVersion),
    toVersion: read.text('to_version', message.toVersion),
    bars: message.bars,
    states: message.states.map(({ before, after }) => ({
      before: read.enumName<RegimeName>('states.before', RegimeSchema, before),
      ...optional('after', after, (value) => read.enumName<RegimeName>('states.after', RegimeSchema, value)),
    })),
    agreement: read.between('agreement', message.agreement, 0, 1),
    nameAgreement: read.between('name_agreement', message.nameAgreement, 0, 1),
    lookAt: message.lookAt,
    at: read.instant('at', message.at),
  }),
});
