import type { Objective as ObjectiveMessage, Trading as TradingMessage } from '@allostat/contracts';
import { toDecimal } from '@allostat/kernel';
import { MANDATE_TERMS, type LiveObjective, type MandateTerm, type RiskLimits, type Trading } from '@allostat/pipeline';
import { optional, type FieldReader } from './field-reader';
import { mapValues } from './map-values';

const LIMITS = ['maxVolatility', 'maxTrackingError', 'maxCvar', 'maxCdar', 'maxMaximumDrawdown'] as const;

export const objectiveToWire = ({ terms, limits, views }: LiveObjective) => ({
  terms: mapValues(terms as Readonly<Record<string, number>>, toDecimal),
  ...optional('limits', limits, ({ floor, ...simple }) => ({
    ...Object.fromEntries(Object.entries(simple).map(([name, value]) => [name, toDecimal(value)])),
    ...(floor && { floorReturn: toDecimal(floor.return), floorProbability: toDecimal(floor.probability) }),
  })),
  riskAversion: toDecimal(views.riskAversion),
  informationCoefficient: toDecimal(views.informationCoefficient),
  confidence: toDecimal(views.confidence),
});

export function objectiveFromWire(message: ObjectiveMessage, read: FieldReader): LiveObjective {
  const decimal = (field: string, value: string): number => read.decimal(`construction.objective.${field}`, value);
  const terms = mapValues(message.terms, (value, term) => {
    if (!(MANDATE_TERMS as readonly string[]).includes(term)) {
      read.fail('construction.objective.terms', `is ${term}; known are ${MANDATE_TERMS.join(', ')}`);
    }
    return decimal(`terms.${term}`, value);
  }) as Partial<Record<MandateTerm, number>>;
  return {
    terms,
    ...optional('limits', message.limits, (limits): RiskLimits => ({
      ...Object.fromEntries(
        LIMITS.flatMap((name) => {
          const value = limits[name];
          return value === undefined ? [] : [[name, decimal(`limits.${name}`, value)]];
        }),
      ),
      ...(limits.floorReturn !== undefined &&
        limits.floorProbability !== undefined && {
          floor: {
            return: decimal('limits.floor_return', limits.floorReturn),
            probability: decimal('limits.floor_probability', limits.floorProbability),
          },
        }),
    })),
    views: {
      riskAversion: decimal('risk_aversion', message.riskAversion),
      informationCoefficient: decimal('information_coefficient', message.informationCoefficient),
      confidence: decimal('confidence', message.confidence),
    },
  };
}

export const tradingToWire = (trading: Trading) => ({
  lots: mapValues(trading.lots ?? {}, toDecimal), // no map is an empty one on the wire
  averageDailyValue: mapValues(trading.averageDailyValue ?? {}, toDecimal), // likewise
  ...optional('participationMax', trading.participationMax, toDecimal),
  ...optional('impactCoefficient', trading.impactCoefficient, toDecimal),
  ...optional('taxes', trading.taxes, ({ shortTermRate, longTermRate, longTermDays, harvest }) => ({
    shortTermRate: toDecimal(shortTermRate),
    longTermRate: toDecimal(longTermRate),
    longTermDays,
    harvest: [...(harvest ?? [])], // likewise
  })),
});

export function tradingFromWire(message: TradingMessage, read: FieldReader): Trading {
  const decimal = (field: string, value: string): number => read.decimal(`trading.${field}`, value);
  const map = (
    field: string,
    values: Readonly<Record<string, string>>,
  ): Readonly<Record<string, number>> | undefined =>
    Object.keys(values).length === 0 ? undefined : mapValues(values, (value, id) => decimal(`${field}.${id}`, value));
  return {
    ...optional('lots', map('lots', message.lots)),
    ...optional('averageDailyValue', map('average_daily_value', message.averageDailyValue)),
    ...optional('participationMax', message.participationMax, (value) => decimal('participation_max', value)),
    ...optional('impactCoefficient', message.impactCoefficient, (value) => decimal('impact_coefficient', value)),
    ...optional('taxes', message.taxes, ({ shortTermRate, longTermRate, longTermDays, harvest }) => ({
      shortTermRate: decimal('taxes.short_term_rate', shortTermRate),
      longTermRate: decimal('taxes.long_term_rate', longTermRate),
      longTermDays,
      ...(harvest.length > 0 && { harvest: harvest.map((id) => read.text('trading.taxes.harvest', id)) }),
    })),
  };
}
