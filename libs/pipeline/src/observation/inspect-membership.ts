import type { IsoDate } from '@allostat/kernel';
import type { QuarantinedRow } from './quarantined-row';

/** A time during which a symbol belonged to an index, as a file lists it, with its row. */
export interface MembershipSpell {
  readonly symbol: string;
  readonly from: IsoDate;
  /** Absent while it lasts. */
  readonly until?: IsoDate;
  readonly row: number;
}

/**
 * Looks at the members of an index over time: symbols with several spells, which may be different companies (`reused-symbol`, told at
 * the second spell and after), and, beside a file of prices, members of its time that it leaves out (`survivorship`).
 */
export function inspectMembership(
  spells: readonly MembershipSpell[],
  file: string,
  prices?: { readonly symbols: readonly string[]; readonly first: IsoDate; readonly last: IsoDate },
): QuarantinedRow[] {
  const seen = new Map<string, MembershipSpell>();
  const present = new Set(prices?.symbols);
  return spells.flatMap((spell) => {
    const { symbol, from, until, row } = spell;
    const rows: QuarantinedRow[] = [];
    const tell = (rule: QuarantinedRow['rule'], value: string, reason: string) =>
      rows.push({ file, row, series: symbol, rule, value, reason });
    const before = seen.get(symbol);
    if (before !== undefined)
      tell(
        'reused-symbol',
        from,
        `${symbol} was listed from ${before.from} to ${before.until ?? 'now'} and again from ${from}: it may be another company`,
      );
    seen.set(symbol, spell);
    if (prices !== undefined && from <= prices.last && (until ?? prices.last) >= prices.first && !present.has(symbol))
      tell(
        'survivorship',
        until ?? '',
        `${symbol} was a member from ${from} to ${until ?? 'the end'}, and the prices of ${prices.first} to ${prices.last} leave it out`,
      );
    return rows;
  });
}
