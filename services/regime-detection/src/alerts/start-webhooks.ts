import type { Clock } from '@allostat/kernel';
import { LOGGER, type RunningStage } from '@allostat/platform';
import { DataSource } from 'typeorm';
import type { DomainEvent } from '@allostat/pipeline';
import { readWebhooks } from './webhook';
import { WebhookDeliverer } from './webhook-deliverer';

/** Tells the receivers listed in a file the regime alerts of a running stage; without a file there are none. */
export function startWebhooks(
  stage: RunningStage<DomainEvent>,
  options: { readonly file: string | undefined; readonly clock: Clock },
): WebhookDeliverer {
  const deliverer = new WebhookDeliverer({
    database: stage.get<DataSource>(DataSource),
    webhooks: readWebhooks(options.file),
    clock: options.clock,
    logger: stage.get(LOGGER),
  });
  deliverer.start();
  return deliverer;
}
