import { runService, SERVICE_CONFIG } from '@allostat/platform';
import { WIRE_CODEC } from '@allostat/wire';
import { REGIME_DETECTION } from './index';

void runService({
  name: REGIME_DETECTION.name,
  config: SERVICE_CONFIG,
  codec: WIRE_CODEC,
  define: () => REGIME_DETECTION,
});
