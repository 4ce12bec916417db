import { InputError } from '@allostat/kernel';
import { z } from 'zod';
import type { Universe } from './universe';

export const ASSET_CLASSES = [
  'equity',
  'government-bond',
  'corporate-bond',
  'inflation-linked',
  'real-estate',
  'commodity',
  'gold',
  'currency',
  'cash',
  'alternative',
] as const;

const identifier = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._^-]*$/, 'an id starts with a letter or digit, without spaces');

const universeSchema = z.strictObject({
  id: identifier,
  version: z.int().min(1).default(1),
  currency: z.string().regex(/^[A-Z]{3}$/, 'a currency is three capital letters, such as USD'),
  instruments: z
    .array(
      z.strictObject({
        id: identifier,
        assetClass: z.enum(ASSET_CLASSES),
        name: z.string().optional(),
        costBps: z.number().min(0).max(1000).optional(),
      }),
    )
    .min(1),
  context: z.array(z.strictObject({ seriesId: identifier, role: z.enum(['macro', 'sentiment']) })).optional(),
  equityProxy: identifier.optional(),
  bondProxy: identifier.optional(),
});

/**
 * Checks a universe as it was read from a file (YAML or JSON already parsed).
 *
 * Throws `InputError` that names the file, the field, what was there and what is allowed.
 */
export function parseUniverse(document: unknown, file: string): Universe {
  const universe = checkDocument(universeSchema, document, file);
  const ids = universe.instruments.map((instrument) => instrument.id);
  const twice = ids.find((id, i) => ids.indexOf(id) !== i);
  if (twice !== undefined)
    throw new InputError(`${file}: instrument ${twice} is listed twice`, { file, field: 'instruments' });
  for (const field of ['equityProxy', 'bondProxy'] as const) {
    const id = universe[field];
    if (id !== undefined && !ids.includes(id))
      throw new InputError(`${file}: ${field} ${id} is not among the instruments`, { file, field });
  }
  return universe as Universe;
}

/** Checks a parsed document against a schema; throws `InputError` with every wrong field. */
export function checkDocument<T extends z.ZodType>(schema: T, document: unknown, file: string): z.infer<T> {
  const result = schema.safeParse(document);
  if (result.success) return result.data;
  const lines = result.error.issues.map((issue) => `${issue.path.join('.') || 'document'}: ${issue.message}`);
  throw new InputError(`${file}: ${lines.join('; ')}`, { file, field: result.error.issues[0].path.join('.') });
}
