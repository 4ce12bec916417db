import { z } from 'zod';
import { ASSET_CLASSES } from './universe';

const identifier = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._^-]*$/, 'start with a letter or digit; no spaces');

/** What a universe file may say; see `examples/universes`. The least is `id`, `currency` and `instruments`. */
export const universeSchema = z
  .strictObject({
    id: identifier,
    version: z.int().min(1).default(1),
    currency: z.string().regex(/^[A-Z]{3}$/, 'use the three letters of ISO 4217, such as USD'),
    instruments: z
      .array(
        z.strictObject({
          id: identifier,
          assetClass: z.enum(ASSET_CLASSES),
          name: z.string().exactOptional(),
          costBps: z.number().min(0).max(1000).exactOptional(),
          venue: z
            .string()
            .regex(/^[A-Z0-9]{4}$/, 'use the four characters of ISO 10383, such as XNYS')
            .exactOptional(),
        }),
      )
      .min(1),
    context: z.array(z.strictObject({ seriesId: identifier, role: z.enum(['macro', 'sentiment']) })).exactOptional(),
    equityProxy: z.string().exactOptional(),
    bondProxy: z.string().exactOptional(),
    coverageMin: z.number().min(0).max(1).exactOptional(),
  })
  .superRefine((universe, context) => {
    const seen = new Set<string>();
    universe.instruments.forEach(({ id }, i) => {
      if (seen.has(id))
        context.addIssue({ code: 'custom', path: ['instruments', i, 'id'], message: `${id} is listed twice` });
      seen.add(id);
    });
    for (const field of ['equityProxy', 'bondProxy'] as const) {
      const id = universe[field];
      if (id !== undefined && !seen.has(id)) {
        context.addIssue({ code: 'custom', path: [field], message: `${id} is not one of the instruments` });
      }
    }
  });
