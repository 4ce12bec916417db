import { canonicalJson, sha256Hex } from '@allostat/kernel';
import type { PortfolioSimulation } from './simulate-portfolio';

/** SHA-256 of the canonical JSON (RFC 8785) of a whole simulation, its tables written by column. Equal runs have equal hashes. */
export function resultHash(simulation: Omit<PortfolioSimulation, 'resultHash'>): string {
  const { values, ledger, trades, unfilled, decisions, taxPayments } = simulation;
  return sha256Hex(
    canonicalJson({
      ...simulation,
      values: Array.from(values),
      ledger: columnsOf(ledger),
      trades: columnsOf(trades),
      unfilled: columnsOf(unfilled),
      decisions: columnsOf(decisions),
      taxPayments: columnsOf(taxPayments),
    }),
  );
}

/** A table by column: half the text of one object a row. */
function columnsOf<T extends object>(rows: readonly T[]): Readonly<Record<string, readonly unknown[]>> {
  const [first] = rows;
  if (first === undefined) return {};
  return Object.fromEntries(
    (Object.keys(first) as (keyof T & string)[]).map((key) => [key, rows.map((row) => row[key])]),
  );
}
