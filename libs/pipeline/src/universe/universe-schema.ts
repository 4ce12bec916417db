import { z } from 'zod';
import { ASSET_CLASSES } from './universe';

const identifier = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._^-]*$/, 'start with a letter or digit; no spaces');

const currency = z.string().regex(/^[A-Z]{3}$/, 'use the three letters of ISO 4217, such as USD');
const year = z.union([z.literal(360), z.literal(365)]);

/** What a universe file may say; see `examples/universes`. The least is `id`, `currency` and `instruments`. */
export const universeSchema = z
  .strictObject({
    id: identifier,
    version: z.int().min(1).default(1),
    currency,
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
          currency: currency.exactOptional(),
          hedged: z.literal(true).exactOptional(),
        }),
      )
      .min(1),
    currencies: z
      .array(
        z.strictObject({
          code: currency,
          rate: identifier,
          inverted: z.literal(true).exactOptional(),
          shortRate: identifier.exactOptional(),
          shortRateYear: year.exactOptional(),
        }),
      )
      .exactOptional(),
    shortRate: identifier.exactOptional(),
    shortRateYear: year.exactOptional(),
    rateDaysMax: z.int().min(0).max(31).exactOptional(),
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
    const sources = new Map((universe.currencies ?? []).map((source) => [source.code, source]));
    const fault = (path: (string | number)[], message: string): void => {
      context.addIssue({ code: 'custom', path, message });
    };
    universe.currencies?.forEach(({ code, rate, shortRate }, i) => {
      if (code === universe.currency)
        fault(['currencies', i, 'code'], `${code} is the currency of the universe itself`);
      for (const series of [rate, shortRate]) {
        if (series !== undefined && seen.has(series))
          fault(['currencies', i], `${series} is an instrument, not a rate`);
      }
    });
    universe.instruments.forEach(({ currency: quoted, hedged }, i) => {
      const at = ['instruments', i];
      if (quoted === undefined || quoted === universe.currency) {
        if (hedged) fault([...at, 'hedged'], `is quoted in ${universe.currency}: there is nothing to hedge`);
        return;
      }
      const source = sources.get(quoted);
      if (source === undefined) {
        const known = [universe.currency, ...sources.keys()].join(', ');
        fault([...at, 'currency'], `${quoted} has no rate; currencies lists ${known}`);
      } else if (hedged && (source.shortRate === undefined || universe.shortRate === undefined)) {
        fault(
          [...at, 'hedged'],
          `needs the short rates of ${universe.currency} (shortRate) and of ${quoted} (currencies)`,
        );
      }
    });
    for (const field of ['equityProxy', 'bondProxy'] as const) {
      const id = universe[field];
      if (id !== undefined && !seen.has(id)) {
        context.addIssue({ code: 'custom', path: [field], message: `${id} is not one of the instruments` });
      }
    }
  });
