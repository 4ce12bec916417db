import type { StageDefinition } from '@allostat/platform';
import { OnMandateVersioned } from './on-mandate-versioned.handler';
import { OnRiskBudgetSet } from './on-risk-budget-set.handler';
import { OnUniverseVersioned } from './on-universe-versioned.handler';

export const OPTIMIZATION: StageDefinition = {
  name: 'optimization',
  controllers: [OnUniverseVersioned, OnMandateVersioned, OnRiskBudgetSet],
  entities: [],
  migrations: [],
};
