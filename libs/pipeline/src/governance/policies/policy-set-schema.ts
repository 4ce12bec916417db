import { z } from 'zod';

const fraction = z.number().min(0).max(1);
const positive = z.number().gt(0);

/** What a policy set may say. Limits are decimals; a limit that is left out lets its policy not apply. */
export const policySetSchema = z.strictObject({
  id: z.literal('default'),
  version: z.int().min(1),
  limits: z.strictObject({
    turnoverMax: fraction.exactOptional(),
    herfindahlMax: fraction.exactOptional(),
    volatilityRatioMax: positive.exactOptional(),
    drawdownBudgetUsedMax: positive.exactOptional(),
    cvar95Max: fraction.exactOptional(),
    daysToTradeMax: positive.exactOptional(),
    dataAgeDaysMax: positive.exactOptional(),
    modelAgeDaysMax: positive.exactOptional(),
    regimeProbabilityMin: fraction.exactOptional(),
    primalResidualMax: positive.exactOptional(),
    restricted: z.array(z.string().min(1)).exactOptional(),
    releasesPerDayMax: z.int().min(1).exactOptional(),
    pilotTradedValueMax: positive.exactOptional(),
    holdingsDriftMax: fraction.exactOptional(),
  }),
  caps: z
    .array(
      z.strictObject({
        id: z.string().min(1),
        tradedValueMaxPerDay: positive,
        mandates: z.array(z.string().min(1)).exactOptional(),
      }),
    )
    .exactOptional(),
});
