import type { NewtonSystem } from './newton-system';
import type { RowFamily } from './row-family';

/** Where the iteration stands: weights and global variables (risk values, tail thresholds, relaxations). */
export interface Point {
  readonly w: Float64Array;
  readonly g: Float64Array;
}

/**
 * A family of rows of the program with variables of its own, which it eliminates from the Newton system.
 * The solver calls, in every iteration: `residuals`, `assemble`, then twice (predictor, corrector) `load` and `expand`,
 * then `advance`.
 */
export interface Part {
  readonly rows: readonly RowFamily[];
  /** Subtracts what its multipliers pay for from the dual residual and measures its own residuals. */
  residuals(point: Point, dual: Point): void;
  /** Largest residual of its own variables and equations. */
  ownInfeasibility(): { readonly primal: number; readonly dual: number };
  /** Adds to the matrix. */
  assemble(system: NewtonSystem, point: Point): void;
  /** Adds to the right-hand side, for the rows' current targets. */
  load(system: NewtonSystem): void;
  /** Finds its own directions from those of weights and border. */
  expand(system: NewtonSystem): void;
  advance(primal: number, dual: number): void;
  /** Cost of its own variables. */
  cost(point: Point): number;
  /** True when the part is curved, so that primal and dual must move together. */
  readonly curved: boolean;
  /** True when it fills the weights' matrix beside the diagonal. */
  readonly dense: boolean;
}
