import type { LimitConflict } from './limit-conflict';

/** Weights in the order of `assets`, summing to 1. */
export interface Allocated {
  readonly status: 'allocated';
  readonly assets: readonly string[];
  readonly weights: Float64Array;
  /** Largest violation of any limit or of the sum. */
  readonly violation: number;
  /** True when group limits moved the weights off the tree's own answer. */
  readonly projected: boolean;
}

/** No weights meet the limits. */
export interface AllocationConflict {
  readonly status: 'infeasible';
  readonly assets: readonly string[];
  readonly conflict: LimitConflict;
}
