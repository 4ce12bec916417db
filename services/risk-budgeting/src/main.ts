import { runService, SERVICE_CONFIG } from '@allostat/platform';
import { WIRE_CODEC } from '@allostat/wire';
import { RISK_BUDGETING } from './index';

void runService({
  name: RISK_BUDGETING.name,
  config: SERVICE_CONFIG,
  codec: WIRE_CODEC,
  define: () => RISK_BUDGETING,
});
