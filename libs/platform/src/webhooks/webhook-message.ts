import { createHmac } from 'node:crypto';
import { sha256Hex } from '@allostat/kernel';
import type { Webhook } from './webhook';

/** End of an alert that has none yet, as Alertmanager writes it. */
export const NO_END = '0001-01-01T00:00:00Z';

export interface WebhookAlert {
  readonly status: 'firing' | 'resolved';
  /** What stays the same for as long as the alert lasts: it identifies it. */
  readonly labels: Readonly<Record<string, string>>;
  /** What changes from step to step. */
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt: string;
  /** Label by which alerts are grouped beside their name. */
  readonly groupBy?: string;
}

/** An alert as an Alertmanager webhook of version 4. */
export function webhookMessage(webhook: Webhook, alert: WebhookAlert): object {
  const { status, labels, annotations, startsAt, endsAt, groupBy } = alert;
  const externalURL = webhook.externalUrl ?? '';
  const fingerprint = sha256Hex(JSON.stringify(labels)).slice(0, 16);
  const group = groupBy === undefined ? undefined : labels[groupBy];
  const key = groupBy === undefined ? '' : `,${groupBy}="${group ?? ''}"`;
  return {
    version: '4',
    groupKey: `{}:{alertname="${labels.alertname}"${key}}`,
    truncatedAlerts: 0,
    status,
    receiver: webhook.id,
    groupLabels: {
      alertname: labels.alertname,
      ...(groupBy !== undefined && group !== undefined && { [groupBy]: group }),
    },
    commonLabels: labels,
    commonAnnotations: annotations,
    externalURL,
    alerts: [{ status, labels, annotations, startsAt, endsAt, generatorURL: externalURL, fingerprint }],
  };
}

/** Headers that let a receiver check who sent a body and when: HMAC-SHA-256 of `timestamp.body` under the shared key. */
export function signatureHeaders(body: string, secret: string, timestamp: string): Record<string, string> {
  const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
  return { 'x-allostat-timestamp': timestamp, 'x-allostat-signature': `sha256=${signature}` };
}
