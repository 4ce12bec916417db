import { AggregateStore, type UnitStage } from '@allostat/platform';
import {
  decideOptimization,
  initialOptimizationState,
  type DomainEvent,
  type OptimizationInput,
  type OptimizationState,
  type Universe,
} from '@allostat/pipeline';

/** What optimization knows of a mandate, kept under the mandate's id. */
export const OPTIMIZATION_STAGE: UnitStage<OptimizationState, OptimizationInput, DomainEvent> = {
  states: new AggregateStore<OptimizationState>({ name: 'mandate' }),
  initial: initialOptimizationState,
  decide: decideOptimization,
};

/** Current version of each universe; read without a lock, since every mandate of the universe reads it. */
export const UNIVERSES = new AggregateStore<Universe>({ name: 'universe' });
