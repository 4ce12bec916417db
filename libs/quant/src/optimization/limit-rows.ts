import type { Bound } from './interior-point/bounds-part';
import type { LinearInequality } from './interior-point/linear-part';
import type { LimitStatement, RiskTerm } from './limit-statements';
import type { PortfolioProblem } from './portfolio-problem';
import { meansOf } from './problem-data';
import type { RiskParts } from './risk-parts';

/** Limits sorted by the part of the program that holds them. */
export interface LimitRows {
  readonly bounds: readonly Bound[];
  readonly linear: readonly LinearInequality[];
  readonly totals: readonly {
    readonly name: string;
    readonly statement: Extract<LimitStatement, { kind: 'total' }>;
    readonly relaxation?: number;
  }[];
  /** Where the multipliers of a limit stand, and the unit that turns them into prices. */
  readonly readers: readonly {
    readonly name: string;
    readonly from: 'bounds' | 'linear';
    readonly rows: readonly number[];
    readonly unit: number;
  }[];
}

export interface LimitRowsOptions {
  readonly unit: number;
  readonly start: Float64Array;
  readonly fixed: ReadonlyMap<number, number>;
  readonly risks: RiskParts;
  /** Global variable that relaxes each statement; empty when the program is not elastic. */
  readonly relaxations: readonly number[];
}

/** Turns statements into rows; bounds of fixed weights are left out. */
export function limitRows(
  problem: PortfolioProblem,
  statements: readonly LimitStatement[],
  { unit, start, fixed, risks, relaxations }: LimitRowsOptions,
): LimitRows {
  const n = problem.assets.length;
  const elastic = relaxations.length > 0;
  const bounds: Bound[] = [];
  const linear: LinearInequality[] = [];
  const totals: LimitRows['totals'][number][] = [];
  const readers: LimitRows['readers'][number][] = [];
  const means = statements.some(({ kind }) => kind === 'return')
    ? meansOf(problem).map((value) => unit * value)
    : start;
  statements.forEach((statement, k) => {
    const { name } = statement;
    const relaxed = elastic && !statement.implicit ? { relaxation: relaxations[k] } : {};
    if (statement.kind === 'bounds') {
      const rows = statement.rows.filter(({ index }) => !fixed.has(index));
      readers.push({ name, from: 'bounds', rows: rows.map((_, j) => bounds.length + j), unit: 1 });
      for (const row of rows) bounds.push({ ...row, ...relaxed });
    } else if (statement.kind === 'total') totals.push({ name, statement, ...relaxed });
    else {
      const row = linearRow(statement, { n, means, unit, riskOf: (term) => risks.globalOf(term) });
      readers.push({ name, from: 'linear', rows: [linear.length], unit: statement.kind === 'linear' ? 1 : unit });
      linear.push(elastic ? { ...row, globals: [...row.globals, [relaxations[k], 1]] } : row);
    }
  });
  // far beyond any portfolio, but the program stays bounded when all other bounds are left out
  for (let index = 0; elastic && index < n; index++) {
    bounds.push({ index, sign: 1, bound: -10 }, { index, sign: -1, bound: -10 });
  }
  return { bounds, linear, totals, readers };
}

function linearRow(
  statement: Extract<LimitStatement, { kind: 'linear' | 'return' | 'risk' }>,
  { n, means, unit, riskOf }: { n: number; means: Float64Array; unit: number; riskOf: (term: RiskTerm) => number },
): LinearInequality {
  if (statement.kind === 'linear') return { weights: statement.weights, globals: [], bound: statement.bound };
  if (statement.kind === 'return') return { weights: means, globals: [], bound: statement.bound * unit };
  return { weights: new Float64Array(n), globals: [[riskOf(statement.term), -1]], bound: -statement.bound * unit };
}
