import type { Clock } from '@allostat/kernel';
import { DataSource } from 'typeorm';
import type { TypedEvent } from '../messaging/event-codec';
import { LOGGER } from '../stage/runtime';
import type { RunningStage } from '../stage/start-stage';
import { readWebhooks } from './webhook';
import { WebhookDeliverer, type AlertSource } from './webhook-deliverer';

/** Tells the receivers listed in a file the alerts of a running stage; without a file there are none. */
export function startWebhooks<E extends TypedEvent>(
  stage: RunningStage<E>,
  source: AlertSource,
  options: { readonly file: string | undefined; readonly clock: Clock },
): WebhookDeliverer {
  const deliverer = new WebhookDeliverer({
    database: stage.get<DataSource>(DataSource),
    source,
    webhooks: readWebhooks(options.file),
    clock: options.clock,
    logger: stage.get(LOGGER),
  });
  deliverer.start();
  return deliverer;
}
