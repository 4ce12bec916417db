import type { QuarantineRule } from '../signal-ingestion/events';
import type { Observation } from './events';

/** A value of a file that was set aside, with the rule that did it. `series` is `*` when a whole row is concerned. */
export interface QuarantinedRow {
  readonly file: string;
  /** Counted from 1, header included; absent when the value did not come from a row. */
  readonly row?: number;
  readonly series: string;
  readonly rule: QuarantineRule;
  /** As it stood in the file. */
  readonly value: string;
  readonly reason: string;
}

/** What a rule says of one observation; `origin` where it is told with another's row. */
export function quarantinedRow(
  { seriesId, value, origin: own }: Observation,
  rule: QuarantineRule,
  reason: string,
  origin: Observation['origin'] = own,
): QuarantinedRow {
  return {
    file: origin === undefined ? '' : origin.file,
    ...(origin !== undefined && { row: origin.row }),
    series: seriesId,
    rule,
    value: value === undefined ? '' : String(value),
    reason,
  };
}
