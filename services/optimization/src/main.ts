import { runService, SERVICE_CONFIG } from '@allostat/platform';
import { WIRE_CODEC } from '@allostat/wire';
import { z } from 'zod';
import { optimizationStage } from './index';

const CONFIG = SERVICE_CONFIG.extend({
  /** Threads that solve beside the event loop; 0 solves on it. */
  SOLVER_THREADS: z.coerce.number().int().min(0).max(64).default(1),
});

void runService({
  name: 'optimization',
  config: CONFIG,
  codec: WIRE_CODEC,
  define: ({ SOLVER_THREADS }) => optimizationStage({ threads: SOLVER_THREADS }),
});
