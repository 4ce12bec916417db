import { runService, SERVICE_CONFIG } from '@allostat/platform';
import { WIRE_CODEC } from '@allostat/wire';
import { MODEL_LAB } from './index';

void runService({
  name: MODEL_LAB.name,
  config: SERVICE_CONFIG,
  codec: WIRE_CODEC,
  define: () => MODEL_LAB,
});
