import type { RegimeAlertMoved } from '@allostat/pipeline';
import { NO_END, type AlertSource, type WebhookAlert } from '@allostat/platform';
import { alertsAfter, readPulses } from './alert.store';

/** Regime alerts as a source of webhooks: a stream a universe. */
export const REGIME_ALERTS: AlertSource = {
  service: 'regime-detection',
  deliveries: { table: 'alert_delivery', stream: 'universe_id' },
  streams: async (sql) => (await readPulses(sql)).map(({ universeId }) => universeId),
  wants: ({ universes }, universeId) => universes?.includes(universeId) !== false,
  after: async (sql, universeId, sequence) =>
    (await alertsAfter(sql, universeId, sequence)).map((event) => {
      const told = event.type === 'RegimeAlertMoved' && !event.silenced;
      return { sequence: event.sequence, ...(told && { alert: webhookAlert(event) }) };
    }),
  heartbeat: async (sql, at, { universes }) => {
    const pulses = (await readPulses(sql)).filter(({ universeId }) => universes?.includes(universeId) !== false);
    return {
      status: 'firing',
      labels: { alertname: 'RegimeWatchdog' },
      annotations: { summary: 'regime detection is at work', pulses: JSON.stringify(pulses), at },
      startsAt: at,
      endsAt: NO_END,
      groupBy: 'universe',
    };
  },
};

/**
 * One step of an episode. Labels hold only what stays the same for a whole episode, so that they identify it; what changes
 * from step to step stands in the annotations. A stood-down episode is resolved; a confirmed change stays firing, for it
 * does not resolve itself.
 */
function webhookAlert(alert: RegimeAlertMoved): WebhookAlert {
  const percent = (100 * alert.probability).toFixed(0);
  const resolved = alert.step === 'stood-down';
  const at = `${alert.asOf}T00:00:00Z`;
  return {
    status: resolved ? 'resolved' : 'firing',
    labels: {
      alertname: 'RegimeChange',
      universe: alert.universeId,
      episode: alert.dedupKey,
      from_regime: alert.from,
    },
    annotations: {
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
    },
    startsAt: at,
    endsAt: resolved ? at : NO_END,
    groupBy: 'universe',
  };
}
