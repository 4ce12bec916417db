import type { StageDefinition } from '@allostat/platform';
import { OnAllocationStatusReported } from './on-allocation-status-reported.handler';
import { OnMandateVersioned } from './on-mandate-versioned.handler';
import { OnRegimeAssessed } from './on-regime-assessed.handler';

export { RISK_MODEL_STATES } from './risk-stages';

export const RISK_BUDGETING: StageDefinition = {
  name: 'risk-budgeting',
  controllers: [OnMandateVersioned, OnRegimeAssessed, OnAllocationStatusReported],
  entities: [],
  migrations: [],
};
