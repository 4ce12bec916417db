import { join } from 'node:path';
import {
  decideOptimization,
  type DomainEvent,
  type OptimizationInput,
  type OptimizationState,
} from '@allostat/pipeline';
import { DecisionThreads } from '@allostat/platform';

/** Threads that solve; see `DecisionThreads`. */
export class OptimizationThreads extends DecisionThreads<OptimizationState, OptimizationInput, DomainEvent> {
  constructor(threads: number) {
    super({ file: join(__dirname, 'decide.worker.js'), threads, decide: decideOptimization });
  }
}
