/** What the solver asks of a family of constraints, orthant rows and cones alike. */
export interface RowFamily {
  /** Degree: number of rows, 1 for a cone. */
  readonly count: number;
  readonly z: Float64Array;
  /** Called once at every point, before anything that depends on it. */
  prepare(): void;
  aim(centre: number, corrected: boolean): void;
  stepLimits(limits: { primal: number; dual: number }): void;
  advance(primal: number, dual: number): void;
  complementarity(primal?: number, dual?: number): number;
  infeasibility(): number;
}
