import { runService, SERVICE_CONFIG, SIGN_IN_CONFIG, signInFrom, startWebhooks } from '@allostat/platform';
import { WIRE_CODEC } from '@allostat/wire';
import { z } from 'zod';
import { REGIME_ALERTS, regimeDetection } from './index';

const CONFIG = SERVICE_CONFIG.extend(SIGN_IN_CONFIG.shape).extend({
  /** JSON list of receivers: id, url, secret, and optionally universes and externalUrl. */
  ALERT_WEBHOOKS_FILE: z.string().min(1).optional(),
});

void runService({
  name: 'regime-detection',
  config: CONFIG,
  codec: WIRE_CODEC,
  define: (config) => regimeDetection(signInFrom(config)),
  onStarted: (stage, { ALERT_WEBHOOKS_FILE: file }, clock) => {
    const deliverer = startWebhooks(stage, REGIME_ALERTS, { file, clock });
    return () => void deliverer.stop();
  },
});
