import { z } from 'zod';
import { runService, SERVICE_CONFIG } from '@allostat/platform';
import { WIRE_CODEC } from '@allostat/wire';
import { keepExpiring } from './expire-reviews';
import { governance, People } from './index';

const CONFIG = SERVICE_CONFIG.extend({
  GOVERNANCE_PEOPLE_FILE: z.string().min(1),
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
    }),
  onStarted: (stage, config) => (config.GOVERNANCE_COMMAND_TIME === 'wall' ? keepExpiring(stage) : () => undefined),
});
