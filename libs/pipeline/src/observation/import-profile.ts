import { z } from 'zod';
import { checkDocument } from './check-document';

/** How a kind of file is read into observations. Written by a person as YAML. */
export interface ImportProfile {
  readonly id: string;
  readonly description?: string;
  readonly delimiter: string;
  /** Row of the header, counted from 1; rows above it are skipped. */
  readonly headerRow: number;
  /** Rows below the header that are not data (units, transformation codes). */
  readonly skipAfterHeader: number;
  readonly date: DateColumns;
  /** `wide`: a column per series. `long`: a row per value. */
  readonly layout: WideLayout | LongLayout;
  readonly kind: 'price' | 'total-return-index' | 'return' | 'volume' | 'macro' | 'sentiment' | 'headline';
  /** Percent values are divided by 100 on reading. */
  readonly unit: 'as-is' | 'percent';
  /** Texts that mean "no value"; an empty cell always does. */
  readonly missing: readonly string[];
  readonly publication: Publication;
  /** What the levels are of: diversified funds, or single names whose price jumps on news. */
  readonly holdings: 'funds' | 'single-names';
  /** Bars expected: weekdays (a repeated row is a holiday), any day, or one value a month. */
  readonly calendar: 'weekdays' | 'daily' | 'weekly' | 'monthly' | 'quarterly';
  /** What a value is: final when published, or `latest`: the source changes the past, and the file has what it says now. */
  readonly vintage: 'final' | 'latest';
}

export interface DateColumns {
  readonly column?: string;
  readonly order: 'ymd' | 'mdy' | 'dmy';
  /** Instead of `column`: the columns of year, month and day. */
  readonly parts?: { readonly year: string; readonly month: string; readonly day: string };
}

export interface WideLayout {
  readonly type: 'wide';
  /** Columns to read; all but the date columns when absent. */
  readonly columns?: readonly string[];
  /** Series id of a column where it differs from its header. */
  readonly rename?: Readonly<Record<string, string>>;
}

export interface LongLayout {
  readonly type: 'long';
  /** Column that names the series, or one series for the whole file. */
  readonly seriesColumn?: string;
  readonly series?: string;
  readonly valueColumn?: string;
  readonly textColumn?: string;
  readonly revisionColumn?: string;
}

/**
 * When a value became known: a lag from the day, or the end of the month, that a column says or else that it is about.
 * The column `sheet` is the name of the sheet of a workbook.
 */
export interface Publication {
  readonly column?: string;
  readonly lagDays: number;
  readonly from: 'event' | 'month-end';
  /** Time of day, UTC, `HH:MM`. */
  readonly time: string;
}

const wide = z.strictObject({
  type: z.literal('wide'),
  columns: z.array(z.string()).min(1).optional(),
  rename: z.record(z.string(), z.string()).optional(),
});
const long = z
  .strictObject({
    type: z.literal('long'),
    seriesColumn: z.string().optional(),
    series: z.string().optional(),
    valueColumn: z.string().optional(),
    textColumn: z.string().optional(),
    revisionColumn: z.string().optional(),
  })
  .refine((layout) => (layout.seriesColumn === undefined) !== (layout.series === undefined), {
    message: 'a long layout has either seriesColumn or series',
  })
  .refine((layout) => layout.valueColumn !== undefined || layout.textColumn !== undefined, {
    message: 'a long layout has a valueColumn or a textColumn',
  });

const profileSchema = z.strictObject({
  id: z.string().min(1),
  description: z.string().optional(),
  delimiter: z.string().length(1).default(','),
  headerRow: z.int().min(1).default(1),
  skipAfterHeader: z.int().min(0).default(0),
  date: z
    .strictObject({
      column: z.string().optional(),
      order: z.enum(['ymd', 'mdy', 'dmy']).default('ymd'),
      parts: z.strictObject({ year: z.string(), month: z.string(), day: z.string() }).optional(),
    })
    .refine((date) => (date.column === undefined) !== (date.parts === undefined), {
      message: 'give either the date column or its parts',
    }),
  layout: z.discriminatedUnion('type', [wide, long]),
  kind: z.enum(['price', 'total-return-index', 'return', 'volume', 'macro', 'sentiment', 'headline']),
  unit: z.enum(['as-is', 'percent']).default('as-is'),
  missing: z.array(z.string()).default([]),
  publication: z
    .strictObject({
      column: z.string().optional(),
      lagDays: z.int().min(0).max(400).default(0),
      from: z.enum(['event', 'month-end']).default('event'),
      time: z
        .string()
        .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time is HH:MM, UTC')
        .default('21:00'),
    })
    .prefault({}),
  holdings: z.enum(['funds', 'single-names']).default('funds'),
  calendar: z.enum(['weekdays', 'daily', 'weekly', 'monthly', 'quarterly']).default('weekdays'),
  vintage: z.enum(['final', 'latest']).default('final'),
});

/**
 * Checks an import profile as it was read from a file (YAML or JSON already parsed) and fills in its defaults.
 *
 * Throws `InputError` that names the file and every field that is wrong.
 */
export function parseImportProfile(document: unknown, file: string): ImportProfile {
  return checkDocument(profileSchema, document, file) as ImportProfile;
}
