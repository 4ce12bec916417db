import { InputError } from '@allostat/kernel';
import { readTable } from '../files/read-table';

export interface Anchor {
  readonly name: string;
  /** By fund; sums to 1. */
  readonly weights: Readonly<Record<string, number>>;
}

/** The static allocations of a file with the columns kind, name, tickers, weights; weights that do not sum to 1 are scaled. */
export function readAnchors(file: string): Anchor[] {
  const anchors = readTable(file, { delimiter: ',' })
    .filter(([kind]) => kind === 'static')
    .map(([, name, tickers, values]) => {
      const weights: Record<string, number> = {};
      const numbers = values.split(' ').map(Number);
      // a published list may name a fund twice: both weights count
      tickers.split(' ').forEach((fund, i) => {
        weights[fund] = fund in weights ? weights[fund] + numbers[i] : numbers[i];
      });
      const sum = Object.values(weights).reduce((total, weight) => total + weight, 0);
      return {
        name,
        weights: Object.fromEntries(Object.entries(weights).map(([fund, weight]) => [fund, weight / sum])),
      };
    });
  if (anchors.length === 0) throw new InputError(`${file} has no row of kind static`, { file });
  return anchors;
}
