import { runService, SERVICE_CONFIG, SIGN_IN_CONFIG, signInFrom } from '@allostat/platform';
import { WIRE_CODEC } from '@allostat/wire';
import { signalIngestion } from './index';

void runService({
  name: 'signal-ingestion',
  config: SERVICE_CONFIG.extend(SIGN_IN_CONFIG.shape),
  codec: WIRE_CODEC,
  define: (config) => signalIngestion(signInFrom(config)),
});
