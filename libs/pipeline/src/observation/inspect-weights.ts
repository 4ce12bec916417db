import type { QuarantinedRow } from './quarantined-row';

/** An allocation as a file lists it, with the row it stands in. */
export interface ListedAllocation {
  readonly name: string;
  readonly symbols: readonly string[];
  readonly weights: readonly number[];
  readonly row: number;
}

const SUM_TOLERANCE = 1e-6;

/** Finds allocations whose weights do not sum to one, or that list a symbol twice. */
export function inspectWeights(allocations: readonly ListedAllocation[], file: string): QuarantinedRow[] {
  return allocations.flatMap(({ name, symbols, weights, row }) => {
    const sum = weights.reduce((a, b) => a + b, 0);
    const twice = symbols.find((symbol, i) => symbols.indexOf(symbol) < i);
    const found = (rule: QuarantinedRow['rule'], value: string, reason: string) => ({
      file,
      row,
      series: name,
      rule,
      value,
      reason,
    });
    return [
      ...(Math.abs(sum - 1) > SUM_TOLERANCE
        ? [
            found(
              'weights-sum',
              String(Number(sum.toPrecision(9))),
              `the weights of ${name} sum to ${sum.toPrecision(6)}, not 1`,
            ),
          ]
        : []),
      ...(twice === undefined ? [] : [found('duplicate', twice, `${name} lists ${twice} twice`)]),
    ];
  });
}
