import { runService, SERVICE_CONFIG, SIGN_IN_CONFIG, signInFrom } from '@allostat/platform';
import { WIRE_CODEC } from '@allostat/wire';
import { z } from 'zod';
import { modelLab } from './index';

const CONFIG = SERVICE_CONFIG.extend(SIGN_IN_CONFIG.shape).extend({
  /** Threads that compute slices of jobs beside the event loop; 0 computes on it. */
  JOB_THREADS: z.coerce.number().int().min(0).max(64).default(1),
  /** Seconds after which a slice of a worker that died is taken by another. */
  JOB_LEASE_SECONDS: z.coerce.number().int().min(1).max(3600).default(60),
});

void runService({
  name: 'model-lab',
  config: CONFIG,
  codec: WIRE_CODEC,
  define: (config) =>
    modelLab({ threads: config.JOB_THREADS, leaseSeconds: config.JOB_LEASE_SECONDS, ...signInFrom(config) }),
});
