import type { GovernanceAlarmMoved } from '@allostat/pipeline';
import { NO_END, type AlertSource, type WebhookAlert } from '@allostat/platform';
import { alarmsAfter } from './alarm.store';

const STREAM = 'governance';

/** Alarms of governance as a source of webhooks: one stream. */
export const GOVERNANCE_ALARMS: AlertSource = {
  service: 'governance',
  deliveries: { table: 'alarm_delivery', stream: 'stream' },
  streams: () => Promise.resolve([STREAM]),
  wants: () => true,
  // as people do: those of a mandate by who sees it, those of none by who sees all
  tells: ({ mandates }, { labels }) => mandates?.includes(labels.mandate) !== false,
  after: async (sql, _stream, sequence) =>
    (await alarmsAfter(sql, sequence)).map((step) => ({ sequence: step.sequence, alert: webhookAlert(step) })),
  heartbeat: (_sql, at) =>
    Promise.resolve({
      status: 'firing',
      labels: { alertname: 'GovernanceWatchdog' },
      annotations: { summary: 'governance is at work', at },
      startsAt: at,
      endsAt: NO_END,
    }),
};

/** An alarm fires until a person has it in hand. */
function webhookAlert(alarm: GovernanceAlarmMoved): WebhookAlert {
  const { alarmId, kind, severity, subject, mandateId, text, step, sequence, raisedAt, at, actor, reason } = alarm;
  const resolved = step === 'acknowledged';
  return {
    status: resolved ? 'resolved' : 'firing',
    labels: {
      alertname: kind
        .split('-')
        .map((word) => word[0].toUpperCase() + word.slice(1))
        .join(''),
      alarm: alarmId,
      severity,
      subject,
      ...(mandateId !== undefined && { mandate: mandateId }),
    },
    annotations: {
      summary: text,
      step,
      sequence: String(sequence),
      ...(actor !== undefined && { owner: actor }),
      ...(reason !== undefined && { reason }),
    },
    startsAt: raisedAt,
    endsAt: resolved ? at : NO_END,
    ...(mandateId !== undefined && { groupBy: 'mandate' }),
  };
}
