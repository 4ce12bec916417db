import { z } from 'zod';
import type { Mandate } from '../mandate/mandate';
import { mandateFaults, mandateSchema } from '../mandate/mandate-schema';
import type { Universe } from '../universe/universe';
import { universeSchema } from '../universe/universe-schema';

const rate = (most: number): z.ZodNumber => z.number().min(0).max(most);
const weights = z.record(z.string(), z.number().min(-1).max(1));
const members = z.array(z.string()).min(2);

/** Portfolios that need nothing but the history: schemas by kind. */
export const SIMPLE_PORTFOLIOS = [
  z.strictObject({ kind: z.literal('anchor'), weights }),
  z.strictObject({ kind: z.literal('equal-weight'), assets: z.array(z.string()).min(1) }),
  z.strictObject({
    kind: z.literal('hierarchical-risk-parity'),
    assets: members,
    bars: z.int().min(20).exactOptional(),
    weightMax: rate(1).exactOptional(),
  }),
  z.strictObject({
    kind: z.literal('minimum-variance'),
    assets: members,
    volatilityHalfLifeBars: z.number().positive().exactOptional(),
    correlationHalfLifeBars: z.number().positive().exactOptional(),
    shrinkage: rate(1).exactOptional(),
    weightMax: rate(1).exactOptional(),
  }),
  z.strictObject({
    kind: z.literal('mean-variance'),
    assets: members,
    bars: z.int().min(20).exactOptional(),
    weightMax: rate(1).exactOptional(),
  }),
  z.strictObject({
    kind: z.literal('volatility-target'),
    weights,
    cashAsset: z.string().exactOptional(),
    targetShare: z.number().positive().max(2).exactOptional(),
    halfLifeBars: z.number().positive().exactOptional(),
    band: rate(1).exactOptional(),
  }),
] as const;

export type SimplePortfolio = z.infer<(typeof SIMPLE_PORTFOLIOS)[number]>;

/** A mandate as the line would run it, over its whole universe. */
export interface MandatePortfolio {
  readonly kind: 'mandate';
  readonly mandate: Mandate;
  readonly universe: Universe;
  /** Asset whose returns tell calm from stress, for mandates that act on regimes. */
  readonly stress?: string;
}

/** A portfolio of a backtest with everything that it is made from. */
export type PortfolioSpec = SimplePortfolio | MandatePortfolio;

/** The same with all that a mandate refers to in it: what a job carries. */
export const portfolioSpecSchema = z
  .discriminatedUnion('kind', [
    ...SIMPLE_PORTFOLIOS,
    z.strictObject({
      kind: z.literal('mandate'),
      mandate: mandateSchema,
      universe: universeSchema,
      stress: z.string().exactOptional(),
    }),
  ])
  .superRefine((portfolio, context) => {
    if (portfolio.kind !== 'mandate') return;
    for (const { path, message } of mandateFaults(portfolio.mandate as Mandate, portfolio.universe as Universe)) {
      context.addIssue({ code: 'custom', path: ['mandate', ...path], message });
    }
  })
  .transform((portfolio) => portfolio as PortfolioSpec);
