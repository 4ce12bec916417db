import { runService, SERVICE_CONFIG } from '@allostat/platform';
import { WIRE_CODEC } from '@allostat/wire';
import { SIGNAL_INGESTION } from './index';

void runService({
  name: SIGNAL_INGESTION.name,
  config: SERVICE_CONFIG,
  codec: WIRE_CODEC,
  define: () => SIGNAL_INGESTION,
});
