import { InputError } from '@allostat/kernel';
import type { Point } from './interior-point/part';
import { PiecesPart, type Piece, type PieceTotal } from './interior-point/pieces-part';
import type { RowStart } from './interior-point/rows';
import type { LimitStatement, TotalTerm } from './limit-statements';
import type { Objective, ObjectiveTerm, PortfolioProblem } from './portfolio-problem';
import { requireWeights } from './problem-data';
import { taxedLots } from './tax-lots';

/** A family of pieces and the names of its totals, in the order of their rows. */
export interface PieceGroup {
  readonly part: PiecesPart;
  readonly totals: readonly string[];
  /** Term of the objective that pays for the pieces. */
  readonly term?: ObjectiveTerm;
}

interface Total {
  readonly name: string;
  readonly statement: Extract<LimitStatement, { kind: 'total' }>;
  readonly relaxation?: number;
}

export interface PieceOptions {
  readonly objective: Objective;
  readonly totals: readonly Total[];
  readonly point: Point;
  readonly border: number;
  /** Scaled cost of an objective weight. */
  readonly price: (weight: number) => number;
  readonly begin: RowStart;
}

/** Wide enough never to bind: weight limits do that. */
const wide = 4;

/** Trades, long and short legs and distance to the reference, as far as the objective or a limit speaks of them. */
export function pieceParts(problem: PortfolioProblem, options: PieceOptions): PieceGroup[] {
  const groups: PieceGroup[] = [];
  const { objective, price } = options;
  let { border } = options;
  const add = (
    term: ObjectiveTerm,
    pieces: Piece[],
    base: Float64Array,
    terms: readonly TotalTerm[],
    shareOf: (term: TotalTerm, piece: Piece) => number,
  ): void => {
    const totals = options.totals.filter(({ statement }) => terms.includes(statement.term));
    const rows: PieceTotal[] = totals.map(({ statement, relaxation }) => ({
      shares: Float64Array.from(pieces, (piece) => shareOf(statement.term, piece)),
      bound: statement.bound,
      ...(relaxation === undefined ? {} : { relaxation }),
    }));
    const part = new PiecesPart({ pieces, base, totals: rows, border }, options.point, options.begin);
    border += rows.length;
    groups.push({ part, totals: totals.map(({ name }) => name), ...((objective[term] ?? 0) > 0 && { term }) });
  };
  const asked = (term: TotalTerm): boolean => options.totals.some(({ statement }) => statement.term === term);
  const n = problem.assets.length;
  if ((objective.tradingCost ?? 0) > 0 || asked('turnover')) {
    const previous = requireWeights(problem.previousWeights, 'previousWeights', 'trading');
    add('tradingCost', tradePieces(problem, objective.tradingCost ?? 0, price), previous, ['turnover'], () => 0.5);
  }
  if ((objective.tax ?? 0) > 0) {
    const previous = requireWeights(problem.previousWeights, 'previousWeights', 'tax');
    add('tax', taxPieces(problem, { previous, weight: objective.tax ?? 0, price }), previous, [], () => 0);
  }
  if ((objective.borrowCost ?? 0) > 0 || asked('leverage') || asked('short')) {
    const borrow = problem.borrowCosts ?? new Float64Array(n);
    const pieces = problem.assets.flatMap((_, index): Piece[] => [
      { index, sign: 1, cap: wide, cost: 0, power: 0 },
      { index, sign: -1, cap: wide, cost: price((objective.borrowCost ?? 0) * borrow[index]), power: 0 },
    ]);
    add('borrowCost', pieces, new Float64Array(n), ['leverage', 'short'], (term, piece) =>
      term === 'leverage' || piece.sign < 0 ? 1 : 0,
    );
  }
  if ((objective.distance ?? 0) > 0 || asked('activeShare')) {
    const reference = requireWeights(problem.reference, 'reference', 'distance');
    const cost = price(0.5 * (objective.distance ?? 0));
    const pieces = problem.assets.flatMap((_, index): Piece[] => [
      { index, sign: 1, cap: wide, cost, power: 0 },
      { index, sign: -1, cap: wide, cost, power: 0 },
    ]);
    add('distance', pieces, reference, ['activeShare'], () => 0.5);
  }
  return groups;
}

function tradePieces({ assets, costs }: PortfolioProblem, weight: number, price: (weight: number) => number): Piece[] {
  const { linear, impact } = costs ?? {};
  return assets.flatMap((_, index): Piece[] => {
    const cost = price(weight * (typeof linear === 'number' ? linear : (linear?.[index] ?? 0)));
    const power = price(weight * (impact?.[index] ?? 0));
    return [
      { index, sign: 1, cap: wide, cost, power },
      { index, sign: -1, cap: wide, cost, power },
    ];
  });
}

/** Sales by lot, cheapest first; an asset whose loss is harvested has no piece that buys. */
function taxPieces(
  { assets, tax }: PortfolioProblem,
  { previous, weight, price }: { previous: Float64Array; weight: number; price: (weight: number) => number },
): Piece[] {
  const taxed = tax === undefined ? [] : taxedLots(tax.lots, tax);
  return taxed.flatMap(({ asset, lots, locked }): Piece[] => {
    const index = assets.indexOf(asset);
    if (index < 0) throw new InputError(`a tax lot names ${asset}, which is not in the universe`, { field: asset });
    const covered = lots.reduce((sum, lot) => sum + lot.weight, 0);
    if (covered > previous[index] + 1e-9) {
      throw new InputError(`the lots of ${asset} weigh ${covered}, more than the ${previous[index]} held`, {
        field: asset,
      });
    }
    const pieces = lots.map((lot): Piece => ({
      index,
      sign: -1,
      cap: lot.weight,
      cost: price(weight * lot.rate),
      power: 0,
    }));
    if (!locked) pieces.push({ index, sign: 1, cap: wide, cost: 0, power: 0 });
    // what no lot covers, and short sales, come after the lots
    const last = Math.max(0, price(weight * lots[lots.length - 1].rate));
    pieces.push({ index, sign: -1, cap: wide, cost: last, power: 0 });
    return pieces;
  });
}
