import { createHmac } from 'node:crypto';
import { sha256Hex } from '@allostat/kernel';
import type { RegimeAlertMoved } from '@allostat/pipeline';
import type { Pulse } from './alert.store';
import type { Webhook } from './webhook';

const NO_END = '0001-01-01T00:00:00Z';

/**
 * One step of an episode as an Alertmanager webhook of version 4. Labels hold only what stays the same for a whole episode,
 * so that they identify it; what changes from step to step stands in the annotations. A stood-down episode is resolved; a
 * confirmed change stays firing, for it does not resolve itself.
 */
export function alertPayload(alert: RegimeAlertMoved, webhook: Webhook): object {
  const labels = {
    alertname: 'RegimeChange',
    universe: alert.universeId,
    episode: alert.dedupKey,
    from_regime: alert.from,
  };
  const percent = (100 * alert.probability).toFixed(0);
  const annotations = {
    summary: `${alert.universeId}: ${alert.step} of a change from ${alert.from} to ${alert.to}, probability ${percent} %`,
    step: alert.step,
    severity: alert.severity,
    to_regime: alert.to,
    probability: String(alert.probability),
    as_of: alert.asOf,
    sequence: String(alert.sequence),
    model_version: alert.modelVersion,
    causes: JSON.stringify(alert.causes.slice(0, 3)),
    flip: JSON.stringify(alert.flip),
    comparable: JSON.stringify(alert.comparable),
    ...(alert.owner === undefined ? {} : { owner: alert.owner }),
  };
  const resolved = alert.step === 'stood-down';
  const at = `${alert.asOf}T00:00:00Z`;
  return message(webhook, resolved ? 'resolved' : 'firing', labels, annotations, {
    startsAt: at,
    endsAt: resolved ? at : NO_END,
  });
}

/** Says that alerts would come if there were any: up to which bar each universe was assessed. Always firing. */
export function heartbeatPayload(pulses: readonly Pulse[], webhook: Webhook, at: string): object {
  const annotations = { summary: 'regime detection is at work', pulses: JSON.stringify(pulses), at };
  return message(webhook, 'firing', { alertname: 'RegimeWatchdog' }, annotations, { startsAt: at, endsAt: NO_END });
}

function message(
  webhook: Webhook,
  status: 'firing' | 'resolved',
  labels: Readonly<Record<string, string>>,
  annotations: Readonly<Record<string, string>>,
  times: { readonly startsAt: string; readonly endsAt: string },
): object {
  const externalURL = webhook.externalUrl ?? '';
  const fingerprint = sha256Hex(JSON.stringify(labels)).slice(0, 16);
  return {
    version: '4',
    groupKey: `{}:{alertname="${labels.alertname}",universe="${labels.universe ?? ''}"}`,
    truncatedAlerts: 0,
    status,
    receiver: webhook.id,
    groupLabels: { alertname: labels.alertname, ...(labels.universe !== undefined && { universe: labels.universe }) },
    commonLabels: labels,
    commonAnnotations: annotations,
    externalURL,
    alerts: [{ status, labels, annotations, ...times, generatorURL: externalURL, fingerprint }],
  };
}

/** Headers that let a receiver check who sent a body and when: HMAC-SHA-256 of `timestamp.body` under the shared key. */
export function signatureHeaders(body: string, secret: string, timestamp: string): Record<string, string> {
  const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
  return { 'x-allostat-timestamp': timestamp, 'x-allostat-signature': `sha256=${signature}` };
}
