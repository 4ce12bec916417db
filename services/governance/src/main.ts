import { z } from 'zod';
import {
  keepCheckpoints,
  keepHeartbeats,
  readVerifierKeys,
  runService,
  SERVICE_CONFIG,
  SIGN_IN_CONFIG,
  signInFrom,
  SigningKey,
  startWebhooks,
  type AuditLogIdentity,
} from '@allostat/platform';
import { WIRE_CODEC } from '@allostat/wire';
import { keepExpiring } from './expire-reviews';
import { CommandCauses, GOVERNANCE_ALARMS, governance, keepWatching } from './index';

const CONFIG = SERVICE_CONFIG.extend(SIGN_IN_CONFIG.required({ PEOPLE_FILE: true }).shape).extend({
  /** Ed25519 private key (PEM) that signs the audit log's checkpoints. */
  GOVERNANCE_LOG_KEY_FILE: z.string().min(1),
  /** Name of the audit log in its checkpoints. */
  GOVERNANCE_LOG_NAME: z
    .string()
    .regex(/^[^\s+]+$/, 'no spaces and no plus sign')
    .default('allostat/governance'),
  /** JSON list of receivers of alarms: id, url, secret, and optionally services. */
  ALERT_WEBHOOKS_FILE: z.string().min(1).optional(),
  /** Seconds that the order system may take to answer before a person is called. */
  GOVERNANCE_ANSWER_WITHIN_SECONDS: z.coerce.number().int().min(1).default(60),
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
      ...signInFrom(config),
      clock,
      commandTime: config.GOVERNANCE_COMMAND_TIME,
      auditLog: identityOf(config),
      witnesses: config.GOVERNANCE_WITNESSES_FILE ? readVerifierKeys(config.GOVERNANCE_WITNESSES_FILE) : [],
    }),
  onStarted: (stage, config, clock) => {
    const causes = stage.get<CommandCauses>(CommandCauses);
    const log = { stage, identity: identityOf(config), now: () => causes.now() };
    const endCheckpoints = keepCheckpoints(log);
    const live = config.GOVERNANCE_COMMAND_TIME === 'wall';
    const watch = { answerWithinSeconds: config.GOVERNANCE_ANSWER_WITHIN_SECONDS };
    const ends = live ? [keepExpiring(stage), keepHeartbeats(log), keepWatching(stage, watch)] : [];
    const deliverer = startWebhooks(stage, GOVERNANCE_ALARMS, { file: config.ALERT_WEBHOOKS_FILE, clock });
    return async () => {
      for (const end of ends) end();
      await deliverer.stop();
      await endCheckpoints();
    };
  },
});

function identityOf(config: z.infer<typeof CONFIG>): AuditLogIdentity {
  return { origin: config.GOVERNANCE_LOG_NAME, key: SigningKey.fromFile(config.GOVERNANCE_LOG_KEY_FILE) };
}
