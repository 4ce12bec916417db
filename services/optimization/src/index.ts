import type { StageDefinition } from '@allostat/platform';
import { OnMandateVersioned } from './on-mandate-versioned.handler';
import { OnRiskBudgetSet } from './on-risk-budget-set.handler';
import { OnUniverseVersioned } from './on-universe-versioned.handler';
import { OptimizationThreads } from './optimization-threads';

/** The stage; `threads` of them solve beside the event loop, 0 solves on it. */
export function optimizationStage({ threads }: { readonly threads: number }): StageDefinition {
  return {
    name: 'optimization',
    controllers: [OnUniverseVersioned, OnMandateVersioned, OnRiskBudgetSet],
    providers: [{ provide: OptimizationThreads, useFactory: () => new OptimizationThreads(threads) }],
    entities: [],
    migrations: [],
  };
}
