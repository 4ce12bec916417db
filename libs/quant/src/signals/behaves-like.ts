import { invariant } from '@allostat/kernel';

/** An instrument that moves with another group than the one it was put into. */
export interface MisplacedInstrument {
  readonly index: number;
  readonly labelled: string;
  readonly behavesLike: string;
  /** Mean correlation with the group it is labelled as, and with the one it behaves like. */
  readonly ownCorrelation: number;
  readonly otherCorrelation: number;
}

export interface BehavesLikeOptions {
  /** Least common returns of a pair. */
  readonly minReturns?: number;
  /** By how much the other group's mean correlation must exceed the own one's. */
  readonly margin?: number;
}

/**
 * Finds instruments whose returns correlate clearly more with another group than with the one they are labelled as.
 *
 * `returns` has one row a bar and one column an instrument, undefined where missing; `labels` one group an instrument.
 * Groups with fewer than two other members are not compared. Uses the whole sample: a check of reference data, no signal.
 */
export function findMisplaced(
  returns: readonly (readonly (number | undefined)[])[],
  labels: readonly string[],
  options: BehavesLikeOptions = {},
): MisplacedInstrument[] {
  const { minReturns = 250, margin = 0.3 } = options;
  invariant(returns.length === 0 || returns[0].length === labels.length, 'one label a column is needed');
  const groups = [...new Set(labels)];
  const columns = labels.map((_, i) => returns.map((row) => row[i]));
  return labels.flatMap((labelled, index) => {
    const means = groups.flatMap((group) => {
      const values = labels.flatMap((label, other) => {
        if (label !== group || other === index) return [];
        const value = correlationBetween(columns[index], columns[other], minReturns);
        return value === undefined ? [] : [value];
      });
      return values.length < 2 ? [] : [{ group, mean: values.reduce((a, b) => a + b, 0) / values.length }];
    });
    const own = means.find(({ group }) => group === labelled);
    if (own === undefined) return [];
    const best = means.reduce((a, b) => (b.mean > a.mean ? b : a));
    if (best.mean - own.mean < margin) return [];
    const found = { behavesLike: best.group, ownCorrelation: own.mean, otherCorrelation: best.mean };
    return [{ index, labelled, ...found }];
  });
}

/** Correlation of two columns over the rows that have both; undefined with fewer than `minReturns`, or when one does not vary. */
export function correlationBetween(
  a: readonly (number | undefined)[],
  b: readonly (number | undefined)[],
  minReturns: number,
): number | undefined {
  let [n, si, sj, sii, sjj, sij] = [0, 0, 0, 0, 0, 0];
  a.forEach((x, t) => {
    const y = b[t];
    if (x === undefined || y === undefined) return;
    n++;
    si += x;
    sj += y;
    sii += x * x;
    sjj += y * y;
    sij += x * y;
  });
  if (n < minReturns) return undefined;
  const scale = (sii - (si * si) / n) * (sjj - (sj * sj) / n);
  return scale > 0 ? (sij - (si * sj) / n) / Math.sqrt(scale) : undefined;
}
