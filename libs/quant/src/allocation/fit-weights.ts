import { limitViolation, projectWeights } from './project-weights';
import type { ResolvedLimits } from './weight-limits';

/** Weights that meet the limits: as they are when they already do (1e-12), else the nearest ones. */
export function fitWeights(
  weights: Float64Array,
  limits: ResolvedLimits,
): { readonly weights: Float64Array; readonly violation: number; readonly projected: boolean } {
  const own = limitViolation(weights, limits);
  if (own <= 1e-12) return { weights, violation: Math.max(0, own), projected: false };
  const projected = projectWeights(weights, limits);
  return { weights: projected, violation: Math.max(0, limitViolation(projected, limits)), projected: true };
}
