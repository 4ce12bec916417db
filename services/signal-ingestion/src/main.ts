import { BearerTokens, runService, SERVICE_CONFIG } from '@allostat/platform';
import { WIRE_CODEC } from '@allostat/wire';
import { z } from 'zod';
import { signalIngestion } from './index';

const CONFIG = SERVICE_CONFIG.extend({
  /** People and programs that may send observations over HTTP; without it nobody may. */
  OBSERVATION_PEOPLE_FILE: z.string().min(1).optional(),
});

void runService({
  name: 'signal-ingestion',
  config: CONFIG,
  codec: WIRE_CODEC,
  define: (config) => signalIngestion({ people: BearerTokens.fromFile(config.OBSERVATION_PEOPLE_FILE) }),
});
