import { z } from 'zod';
import { runService, SERVICE_CONFIG } from '@allostat/platform';
import { WIRE_CODEC } from '@allostat/wire';
import { keepExpiring } from './expire-reviews';
import { governance, People } from './index';

const CONFIG = SERVICE_CONFIG.extend({
  GOVERNANCE_PEOPLE_FILE: z.string().min(1),
  /** The identity provider, with the address of its keys; without them people sign in with local accounts. */
  OIDC_ISSUER: z.url().optional(),
  OIDC_AUDIENCE: z.string().min(1).default('allostat-governance'),
  OIDC_KEYS_URL: z.url().optional(),
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
    }),
  onStarted: (stage, config) => (config.GOVERNANCE_COMMAND_TIME === 'wall' ? keepExpiring(stage) : () => undefined),
});
