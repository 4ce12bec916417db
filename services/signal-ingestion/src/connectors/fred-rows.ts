import { InputError } from '@allostat/kernel';
import { z } from 'zod';

const answer = z.object({
  observations: z.array(z.object({ realtime_start: z.string(), date: z.string(), value: z.string() })),
});

/**
 * The answer of a FRED-compatible `series/observations` request (JSON) as rows with the header `series, date, value, known`:
 * `known` is the day from which the value held (`realtime_start`), so that vintages asked for with `realtime_start` and
 * `output_type=1` come out as revisions. Throws `InputError` for an answer of another form.
 */
export function fredRows(text: string, url: string): string[][] {
  const { pathname, searchParams } = new URL(url);
  const series = searchParams.get('series_id');
  if (series === null) throw new InputError(`${pathname} has no series_id`, { file: pathname, field: 'series_id' });
  const parsed = answer.safeParse(JSON.parse(text));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new InputError(
      `${pathname}: ${issue.path.join('.')}: ${issue.message}`,
      { file: pathname },
      'ask for file_type=json',
    );
  }
  const rows = parsed.data.observations.map(({ date, value, realtime_start }) => [series, date, value, realtime_start]);
  return [['series', 'date', 'value', 'known'], ...rows];
}
