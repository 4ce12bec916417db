import { governance, type GovernanceOptions } from '@allostat/governance';
import { modelLab, registryLog } from '@allostat/model-lab';
import { optimizationStage } from '@allostat/optimization';
import type { StageDefinition } from '@allostat/platform';
import { regimeDetection } from '@allostat/regime-detection';
import { RISK_BUDGETING } from '@allostat/risk-budgeting';
import { signalIngestion } from '@allostat/signal-ingestion';
import { ORDER_SYSTEM } from '../order-system/order-system.stage';

/** Every stage in the order of the line, and the simulated order system at its end. */
export function lineStages(options: GovernanceOptions): StageDefinition[] {
  const { auditLog } = options;
  return [
    signalIngestion(options),
    regimeDetection(options),
    RISK_BUDGETING,
    optimizationStage({ threads: 1 }),
    governance(options),
    modelLab({ ...options, ...(auditLog && { auditLog: registryLog(auditLog) }), threads: 1 }),
    ORDER_SYSTEM,
  ];
}

/** The stage without its handlers and routes: its tables can be used while another process does its work. */
export function readOnly(definition: StageDefinition): StageDefinition {
  return { ...definition, controllers: [], http: false };
}
