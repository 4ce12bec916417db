import type { StageDefinition } from '@allostat/platform';
import { OnMandateVersioned } from './on-mandate-versioned.handler';
import { OnRiskBudgetSet } from './on-risk-budget-set.handler';
import { OnUniverseVersioned } from './on-universe-versioned.handler';
import { OptimizationThreads } from './optimization-threads';
import { CreateProposalSource1764100000004 } from './replay/create-proposal-source.migration';

export { keepReplaying, replaySample, type ReplaySample } from './replay/keep-replaying';
export {
  CODE_VERSION,
  findProposal,
  RUNTIME_VERSION,
  sampleProposals,
  type KeptProposal,
} from './replay/proposal-source.store';

/** The stage; `threads` of them solve beside the event loop, 0 solves on it. */
export function optimizationStage({ threads }: { readonly threads: number }): StageDefinition {
  return {
    name: 'optimization',
    controllers: [OnUniverseVersioned, OnMandateVersioned, OnRiskBudgetSet],
    providers: [{ provide: OptimizationThreads, useFactory: () => new OptimizationThreads(threads) }],
    entities: [],
    migrations: [CreateProposalSource1764100000004],
  };
}
