import { z } from 'zod';
import { REGIME_NAMES } from '../regime-detection/events';
import { ASSET_CLASSES, type Universe } from '../universe/universe';
import { calendarSchema } from './calendar-schema';
import { limitContradictions } from './limit-contradictions';
import { MANDATE_TERMS, type Mandate } from './mandate';

const fraction = z.number().min(0).max(1);
const confidence = z.number().gt(0.5).lt(1);
const bounds = z
  .strictObject({ min: fraction.default(0), max: fraction.default(1) })
  .refine(({ min, max }) => min <= max, { message: 'min is above max', path: ['min'] });

const weightOfTerm = z.number().gt(0).max(1e4);
const objective = z.strictObject({
  terms: z
    .partialRecord(z.enum(MANDATE_TERMS), weightOfTerm)
    .refine(({ squaredDistance }) => squaredDistance !== undefined, {
      message: 'needs squaredDistance, which holds the solution near the target and makes it the only one',
    }),
  limits: z
    .strictObject({
      maxVolatility: fraction.exactOptional(),
      maxTrackingError: fraction.exactOptional(),
      maxCvar: fraction.exactOptional(),
      maxCdar: fraction.exactOptional(),
      maxMaximumDrawdown: fraction.exactOptional(),
      floor: z
        .strictObject({ return: z.number().min(-1).max(0), probability: z.number().gt(0).lt(0.5) })
        .exactOptional(),
    })
    .exactOptional(),
  views: z
    .strictObject({
      riskAversion: z.number().gt(0).max(100).default(3),
      informationCoefficient: z.number().min(0).max(0.5).default(0.05),
      confidence: z.number().gt(0).max(1).default(0.25),
    })
    .default({ riskAversion: 3, informationCoefficient: 0.05, confidence: 0.25 }),
});

const trading = z
  .strictObject({
    lots: z.record(z.string(), z.number().positive()).exactOptional(),
    averageDailyValue: z.record(z.string(), z.number().positive()).exactOptional(),
    participationMax: fraction.refine((value) => value > 0, 'must be above 0').exactOptional(),
    impactCoefficient: z.number().gt(0).max(10).exactOptional(),
    taxes: z
      .strictObject({
        shortTermRate: z.number().min(0).lt(1),
        longTermRate: z.number().min(0).lt(1),
        longTermDays: z.int().min(1).max(3660).default(365),
        harvest: z.array(z.string()).exactOptional(),
      })
      .exactOptional(),
  })
  .refine(
    ({ averageDailyValue, participationMax, impactCoefficient }) =>
      averageDailyValue !== undefined || (participationMax === undefined && impactCoefficient === undefined),
    { message: 'participationMax and impactCoefficient need averageDailyValue', path: ['averageDailyValue'] },
  );

/** Shares of value of a core, and how far from it one may go. */
const construction = z
  .strictObject({
    core: z.enum(['anchor', 'group-budgets']),
    groups: z
      .array(
        z.strictObject({
          name: z.string().min(1),
          instruments: z.array(z.string()).min(1),
          budget: fraction.refine((value) => value > 0, 'a group needs a budget above 0'),
        }),
      )
      .min(2)
      .exactOptional(),
    volatilityShare: z.number().gt(0).max(1.5).exactOptional(),
    tilt: fraction.default(0.25),
    drawdownControl: z.boolean().default(true),
    drawdownMultiple: z.number().gt(0).max(10).exactOptional(),
    covariance: z.enum(['regime']).exactOptional(),
    stepMin: z.number().min(0.005).max(0.5).exactOptional(),
    regimeCut: fraction.exactOptional(),
    band: z.number().min(0.01).max(1).default(0.15),
    riskAversion: z.number().gt(0).max(1000).exactOptional(),
    objective: objective.exactOptional(),
  })
  .refine(({ core, groups }) => (core === 'group-budgets') === (groups !== undefined), {
    message: 'groups go with core: group-budgets, and only with it',
    path: ['groups'],
  });

/** A mandate as it travels: its calendar is written out. Weights, rates and limits are decimals. */
export const mandateSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/, 'use lower-case letters, digits and dashes, a letter first'),
  version: z.int().min(1).default(1),
  name: z.string().min(1),
  universeId: z.string().min(1),
  currency: z.string().regex(/^[A-Z]{3}$/, 'use the three letters of ISO 4217, such as USD'),
  notional: z.number().positive(),
  anchorWeights: z.record(z.string(), fraction).refine((weights) => Math.abs(sumOf(weights) - 1) <= 1e-9, {
    error: ({ input }) => `the weights sum to ${sumOf(input as Record<string, number>)}; they must sum to 1`,
  }),
  construction: construction.exactOptional(),
  calendar: calendarSchema.exactOptional(),
  rebalance: z.strictObject({ every: z.enum(['week', 'month', 'quarter']), onRegimeChange: z.boolean().default(true) }),
  risk: z.strictObject({
    volatilityTarget: fraction,
    regimeScale: z.strictObject(
      Object.fromEntries(REGIME_NAMES.map((name) => [name, z.number().min(0).max(2)])) as Record<
        (typeof REGIME_NAMES)[number],
        z.ZodNumber
      >,
    ),
    drawdownBudget: z.number().gt(0).max(1),
    tailBudget: z
      .strictObject({ cvar: z.number().gt(0).max(0.5), confidence: confidence.default(0.95) })
      .exactOptional(),
    preservation: z
      .strictObject({
        floor: z.number().gt(0).lt(1),
        horizonBars: z.int().min(21).max(2520),
        confidence: confidence.default(0.95),
      })
      .exactOptional(),
  }),
  limits: z.strictObject({
    default: bounds,
    byInstrument: z.record(z.string(), bounds).exactOptional(),
    byAssetClass: z.partialRecord(z.enum(ASSET_CLASSES), bounds).exactOptional(),
    noTradeBand: fraction,
    maxTurnover: fraction.exactOptional(),
  }),
  trading: trading.exactOptional(),
  defaultCostBps: z.number().min(0).max(1000),
  cashInstrument: z.string().exactOptional(),
  approvals: z.strictObject({ required: z.int().min(1).max(20), validityDays: z.int().min(1).max(366) }),
  stage: z.enum(['shadow', 'pilot', 'production']),
});

/** What a mandate file may say; see `examples/mandates`. Its calendar is the name of a file. */
export const mandateFileSchema = mandateSchema.extend({ calendar: z.string().min(1).exactOptional() });

function sumOf(weights: Readonly<Record<string, number>>): number {
  return Object.values(weights).reduce((sum, weight) => sum + weight, 0);
}

/** A fault of a mandate that only its universe shows: where it stands and what is wrong. */
export interface MandateFault {
  readonly path: readonly string[];
  readonly message: string;
  /** What would be right, where that can be said. */
  readonly hint?: string;
}

/** Names that the universe does not have, and limits that no weights can meet. Empty when the mandate fits. */
export function mandateFaults(mandate: Mandate, universe: Universe): MandateFault[] {
  const ids = universe.instruments.map(({ id }) => id);
  const faults: MandateFault[] = [];
  const known = (id: string, path: readonly string[]): void => {
    if (!ids.includes(id))
      faults.push({ path, message: `${id} is not in universe ${universe.id}; it has ${ids.join(', ')}` });
  };
  if (mandate.universeId !== universe.id) {
    faults.push({ path: ['universeId'], message: `names ${mandate.universeId}, the universe given is ${universe.id}` });
  }
  Object.keys(mandate.anchorWeights).forEach((id) => known(id, ['anchorWeights', id]));
  Object.keys(mandate.limits.byInstrument ?? {}).forEach((id) => known(id, ['limits', 'byInstrument', id]));
  if (mandate.cashInstrument !== undefined) known(mandate.cashInstrument, ['cashInstrument']);
  for (const name of ['lots', 'averageDailyValue'] as const) {
    Object.keys(mandate.trading?.[name] ?? {}).forEach((id) => known(id, ['trading', name, id]));
  }
  mandate.trading?.taxes?.harvest?.forEach((id, i) => known(id, ['trading', 'taxes', 'harvest', String(i)]));
  if (mandate.currency !== universe.currency) {
    faults.push({
      path: ['currency'],
      message: `is ${mandate.currency}, universe ${universe.id} is priced in ${universe.currency}: returns, risk and lots would be in another currency than the client's`,
      hint: `use ${universe.currency}, or name a universe with currency: ${mandate.currency} that lists the same instruments with currency: ${universe.currency} and a rate under currencies`,
    });
  }
  if (mandate.construction?.objective?.terms.tax !== undefined && mandate.trading?.taxes === undefined) {
    faults.push({
      path: ['construction', 'objective', 'terms', 'tax'],
      message: 'weighs taxes, and the mandate states no tax rates',
      hint: 'add trading.taxes, or leave the term out',
    });
  }
  faults.push(...constructionFaults(mandate, ids));
  faults.push(...limitContradictions(mandate, universe));
  return faults;
}

function constructionFaults({ construction, cashInstrument, risk }: Mandate, ids: readonly string[]): MandateFault[] {
  if (construction === undefined) {
    return (['tailBudget', 'preservation'] as const)
      .filter((name) => risk[name] !== undefined)
      .map((name) => ({
        path: ['risk', name],
        message: 'caps the exposure of a construction, and the mandate has none',
        hint: 'add construction: { core: anchor }',
      }));
  }
  const faults: MandateFault[] = [];
  if (cashInstrument === undefined) {
    faults.push({
      path: ['construction'],
      message: 'needs a cashInstrument, which takes what the exposure leaves over',
    });
  }
  const seen = new Set<string>();
  construction.groups?.forEach(({ instruments }, g) => {
    instruments.forEach((id, i) => {
      const path = ['construction', 'groups', String(g), 'instruments', String(i)];
      if (!ids.includes(id)) faults.push({ path, message: `${id} is not in the universe; it has ${ids.join(', ')}` });
      else if (seen.has(id)) faults.push({ path, message: `${id} stands in two groups` });
      else if (id === cashInstrument)
        faults.push({ path, message: `${id} is the cash instrument and carries no risk` });
      seen.add(id);
    });
  });
  return faults;
}
