import { runService, SERVICE_CONFIG } from '@allostat/platform';
import { WIRE_CODEC } from '@allostat/wire';
import { z } from 'zod';
import { toInstant } from '@allostat/kernel';
import { keepReplaying, optimizationStage } from './index';

const CONFIG = SERVICE_CONFIG.extend({
  /** Threads that solve beside the event loop; 0 solves on it. */
  SOLVER_THREADS: z.coerce.number().int().min(0).max(64).default(1),
  /** Past proposals that are made again every day, to see that they come out bit for bit. */
  REPLAY_PROPOSALS: z.coerce.number().int().min(0).max(10_000).default(50),
});

void runService({
  name: 'optimization',
  config: CONFIG,
  codec: WIRE_CODEC,
  onStarted: (stage, { REPLAY_PROPOSALS }, clock) =>
    keepReplaying(stage, { count: REPLAY_PROPOSALS, now: () => toInstant(clock.now()) }),
  define: ({ SOLVER_THREADS }) => optimizationStage({ threads: SOLVER_THREADS }),
});
