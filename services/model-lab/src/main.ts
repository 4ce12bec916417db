import {
  keepCheckpoints,
  keepHeartbeats,
  readVerifierKeys,
  runService,
  SERVICE_CONFIG,
  SIGN_IN_CONFIG,
  signInFrom,
  SigningKey,
  type AuditLogIdentity,
} from '@allostat/platform';
import { WIRE_CODEC } from '@allostat/wire';
import { z } from 'zod';
import { modelLab, REGISTRY_LOG } from './index';

const CONFIG = SERVICE_CONFIG.extend(SIGN_IN_CONFIG.shape).extend({
  /** Ed25519 private key (PEM) that signs the checkpoints of the registry's audit log. */
  MODEL_LOG_KEY_FILE: z.string().min(1),
  /** Name of the registry's audit log in its checkpoints. */
  MODEL_LOG_NAME: z
    .string()
    .regex(/^[^\s+]+$/, 'no spaces and no plus sign')
    .default(REGISTRY_LOG),
  /** Public keys of witnesses, one a line. */
  MODEL_WITNESSES_FILE: z.string().min(1).optional(),
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
    modelLab({
      threads: config.JOB_THREADS,
      leaseSeconds: config.JOB_LEASE_SECONDS,
      ...signInFrom(config),
      auditLog: identityOf(config),
      witnesses: config.MODEL_WITNESSES_FILE ? readVerifierKeys(config.MODEL_WITNESSES_FILE) : [],
    }),
  onStarted: (stage, config, clock) => {
    const log = { stage, identity: identityOf(config), now: () => clock.now() };
    const endCheckpoints = keepCheckpoints(log);
    const endHeartbeats = keepHeartbeats(log);
    return async () => {
      endHeartbeats();
      await endCheckpoints();
    };
  },
});

function identityOf(config: z.infer<typeof CONFIG>): AuditLogIdentity {
  return { origin: config.MODEL_LOG_NAME, key: SigningKey.fromFile(config.MODEL_LOG_KEY_FILE) };
}
