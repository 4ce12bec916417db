import { z } from 'zod';
import { runService, SERVICE_CONFIG, SigningKey } from '@allostat/platform';
import { WIRE_CODEC } from '@allostat/wire';
import { keepExpiring } from './expire-reviews';
import { governance, keepCheckpoints, keepHeartbeats, People, readVerifierKeys, type AuditLogIdentity } from './index';

const CONFIG = SERVICE_CONFIG.extend({
  GOVERNANCE_PEOPLE_FILE: z.string().min(1),
  /** The identity provider, with the address of its keys; without them people sign in with local accounts. */
  OIDC_ISSUER: z.url().optional(),
  OIDC_AUDIENCE: z.string().min(1).default('allostat-governance'),
  OIDC_KEYS_URL: z.url().optional(),
  /** Ed25519 private key (PEM) that signs the audit log's checkpoints. */
  GOVERNANCE_LOG_KEY_FILE: z.string().min(1),
  /** Name of the audit log in its checkpoints. */
  GOVERNANCE_LOG_NAME: z
    .string()
    .regex(/^[^\s+]+$/, 'no spaces and no plus sign')
    .default('allostat/governance'),
  /** Public keys of witnesses, one a line. */
  GOVERNANCE_WITNESSES_FILE: z.string().min(1).optional(),
  /** `event` makes a person's command count when its proposal became known: only for replays of the past. */
  GOVERNANCE_COMMAND_TIME: z.enum(['wall', 'event']).default('wall'),
});

void runService({
  name: 'governance',
  config: CONFIG,
  codec: WIRE_CODEC,
  define: (config, clock) =>
    governance({
      people: People.fromFile(config.GOVERNANCE_PEOPLE_FILE),
      clock,
      commandTime: config.GOVERNANCE_COMMAND_TIME,
      ...(config.OIDC_ISSUER !== undefined &&
        config.OIDC_KEYS_URL !== undefined && {
          provider: {
            issuer: config.OIDC_ISSUER,
            audience: config.OIDC_AUDIENCE,
            keys: new URL(config.OIDC_KEYS_URL),
          },
        }),
      auditLog: identityOf(config),
      witnesses: config.GOVERNANCE_WITNESSES_FILE ? readVerifierKeys(config.GOVERNANCE_WITNESSES_FILE) : [],
    }),
  onStarted: (stage, config) => {
    const endCheckpoints = keepCheckpoints(stage, identityOf(config));
    const live = config.GOVERNANCE_COMMAND_TIME === 'wall';
    const ends = live ? [keepExpiring(stage), keepHeartbeats(stage, identityOf(config))] : [];
    return async () => {
      for (const end of ends) end();
      await endCheckpoints();
    };
  },
});

function identityOf(config: z.infer<typeof CONFIG>): AuditLogIdentity {
  return { origin: config.GOVERNANCE_LOG_NAME, key: SigningKey.fromFile(config.GOVERNANCE_LOG_KEY_FILE) };
}
