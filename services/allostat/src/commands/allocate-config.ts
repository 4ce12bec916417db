import { readFileSync } from 'node:fs';
import { InputError } from '@allostat/kernel';
import { coMovements, linkageMethods, objectiveTerms, ratioRisks, riskMeasures } from '@allostat/quant';
import { parseDocument } from 'yaml';
import { z } from 'zod';

const range = z.strictObject({ min: z.number().optional(), max: z.number().optional() });
const byAsset = z.record(z.string(), z.number());

/** What `allostat allocate --config` reads; every key may be left out. */
export const allocateSchema = z.strictObject({
  /** How returns become a covariance. */
  covariance: z
    .enum(['sample', 'ledoit-wolf', 'constant-correlation', 'single-factor', 'oas', 'gerber', 'denoised'])
    .optional(),
  linkageMethod: z.enum(linkageMethods).optional(),
  leafOrder: z.enum(['scipy', 'optimal', 'plain']).optional(),
  coMovement: z.enum(coMovements).optional(),
  distanceOfDistances: z.boolean().optional(),
  riskMeasure: z.enum(riskMeasures).optional(),
  compounded: z.boolean().optional(),
  clusters: z.int().positive().optional(),
  gamma: z.number().min(0).max(1).optional(),
  confidence: z.number().gt(0.5).lt(1).optional(),
  /** Shares of risk by asset. */
  budget: byAsset.optional(),
  groupBudget: z
    .array(z.strictObject({ name: z.string(), assets: z.array(z.string()).min(1), budget: z.number() }))
    .optional(),
  /** Denominator of the largest ratio. */
  ratioRisk: z.enum(ratioRisks).optional(),
  riskFree: z.number().optional(),
  objective: z.partialRecord(z.enum(objectiveTerms), z.number().min(0)).optional(),
  limits: z
    .strictObject({
      default: range.optional(),
      byAsset: z.record(z.string(), range).optional(),
      groups: z.array(range.extend({ name: z.string(), assets: z.array(z.string()).min(1) })).optional(),
      linear: z.array(z.string()).optional(),
      budget: z.number().optional(),
      minExpectedReturn: z.number().optional(),
      maxVolatility: z.number().optional(),
      maxCvar: z.number().optional(),
      maxCdar: z.number().optional(),
      maxMaximumDrawdown: z.number().optional(),
      maxAverageDrawdown: z.number().optional(),
      maxMeanAbsoluteDeviation: z.number().optional(),
      maxShortfall: z.number().optional(),
      maxTrackingError: z.number().optional(),
      maxActiveShare: z.number().optional(),
      maxTurnover: z.number().optional(),
      maxTrade: z.number().optional(),
      maxParticipation: z.number().optional(),
      maxLeverage: z.number().optional(),
      maxShort: z.number().optional(),
      floor: z.strictObject({ return: z.number(), probability: z.number() }).optional(),
      cardinality: z.int().positive().optional(),
      threshold: z.number().positive().optional(),
    })
    .optional(),
  expectedReturns: byAsset.optional(),
  previousWeights: byAsset.optional(),
  reference: byAsset.optional(),
  costs: z
    .strictObject({ linear: z.union([z.number().min(0), byAsset]).optional(), impact: byAsset.optional() })
    .optional(),
  borrowCosts: byAsset.optional(),
  shortfallTarget: z.number().optional(),
  liquidity: z.strictObject({ averageDailyValue: byAsset, portfolioValue: z.number().positive() }).optional(),
  tax: z
    .strictObject({
      shortTermRate: z.number(),
      longTermRate: z.number(),
      harvest: z.array(z.string()).optional(),
      lots: z.array(
        z.strictObject({
          asset: z.string(),
          weight: z.number(),
          gain: z.number(),
          longTerm: z.boolean(),
          washed: z.boolean().optional(),
        }),
      ),
    })
    .optional(),
});

export type AllocateConfig = z.infer<typeof allocateSchema>;

/** Reads a YAML file against the schema; throws `InputError` with the line and the reason. */
export function readAllocateConfig(file: string): AllocateConfig {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new InputError(`cannot read ${file}: ${(error as Error).message}`, { file });
  }
  const document = parseDocument(text);
  const [broken] = document.errors;
  if (broken)
    throw new InputError(`${file} is not YAML: ${broken.message}`, { file, row: broken.linePos?.[0].line ?? 1 });
  const read = allocateSchema.safeParse(document.toJS() ?? {});
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const path = [...issue.path, ...('keys' in issue ? [issue.keys[0]] : [])];
  const node = document.getIn(path, true) as { range?: [number, number, number] } | undefined;
  const row = node?.range ? text.slice(0, node.range[0]).split('\n').length : undefined;
  const field = path.join('.');
  throw new InputError(
    `${file}${row === undefined ? '' : `:${row}`}: ${field}: ${issue.message}`,
    { file, field, ...(row === undefined ? {} : { row }) },
    'keys and values are listed in docs/guides/allocation.md',
  );
}
