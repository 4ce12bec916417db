import { runService, SERVICE_CONFIG } from '@allostat/platform';
import { WIRE_CODEC } from '@allostat/wire';
import { OPTIMIZATION } from './index';

void runService({
  name: OPTIMIZATION.name,
  config: SERVICE_CONFIG,
  codec: WIRE_CODEC,
  define: () => OPTIMIZATION,
});
