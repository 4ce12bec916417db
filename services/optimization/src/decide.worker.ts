import { decideOptimization, type OptimizationInput, type OptimizationState } from '@allostat/pipeline';
import type { DecisionTask } from '@allostat/platform';

/** What a thread of `OptimizationThreads` runs. */
export function decide({ event, state }: DecisionTask<OptimizationState, OptimizationInput>): unknown {
  return decideOptimization(event, state);
}
