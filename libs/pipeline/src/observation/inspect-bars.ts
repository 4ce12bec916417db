import type { Observation } from './events';
import { quarantinedRow, type QuarantinedRow } from './quarantined-row';

/** The fields of a bar, each as the observations of its own file; series and dates are the same in all. */
export interface BarFields {
  readonly open?: readonly Observation[];
  readonly high?: readonly Observation[];
  readonly low?: readonly Observation[];
  readonly close: readonly Observation[];
  readonly volume?: readonly Observation[];
}

type Field = keyof BarFields;
/** Prices in vendors' files are rounded to a cent, or to four digits. */
const ROUNDING = 1e-6;

/**
 * Compares the fields of bars with each other: a high below the low, an open or close outside both (`inconsistent-bar`), a volume
 * of zero on a day with a price (`no-volume`), a bar with a close but without one of the other fields (`gap`).
 */
export function inspectBars(fields: BarFields): QuarantinedRow[] {
  const index = (field: Field): Map<string, Observation> =>
    new Map((fields[field] ?? []).map((o) => [`${o.seriesId}|${o.eventTime}`, o]));
  const maps = { open: index('open'), high: index('high'), low: index('low'), volume: index('volume') };
  return fields.close.flatMap((close) => {
    const key = `${close.seriesId}|${close.eventTime}`;
    const rows: QuarantinedRow[] = [];
    const of = (field: keyof typeof maps) => maps[field].get(key);
    const tell = (observation: Observation, rule: QuarantinedRow['rule'], reason: string) =>
      rows.push(quarantinedRow(observation, rule, `${close.seriesId} on ${close.eventTime}: ${reason}`));
    for (const field of ['open', 'high', 'low', 'volume'] as const)
      if (maps[field].size > 0 && of(field) === undefined) tell(close, 'gap', `a close but no ${field}`);
    const [high, low] = [of('high'), of('low')];
    if (isBelow(high, low) && high !== undefined) tell(high, 'inconsistent-bar', 'the high is below the low');
    for (const [name, price] of [
      ['open', of('open')],
      ['close', close],
    ] as const) {
      if (price === undefined || isBelow(high, low)) continue;
      if (isBelow(price, low)) tell(price, 'inconsistent-bar', `the ${name} is below the low`);
      if (isBelow(high, price)) tell(price, 'inconsistent-bar', `the ${name} is above the high`);
    }
    const volume = of('volume');
    if (volume?.value === 0) tell(volume, 'no-volume', 'a price without a volume');
    return rows;
  });
}

function isBelow(a: Observation | undefined, b: Observation | undefined): boolean {
  return a?.value !== undefined && b?.value !== undefined && a.value < b.value * (1 - ROUNDING);
}
