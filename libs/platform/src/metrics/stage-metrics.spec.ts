import type { Subscription } from '../messaging/message-bus';
import { StageMetrics, type StageBacklog } from './stage-metrics';

const progress = [
  { topic: 't', partition: 0, position: 5n, end: 12n, lastProgressAt: 0 },
  { topic: 't', partition: 1, position: 9n, end: 9n, lastProgressAt: 0 },
];
const metricsWith = (backlog: () => Promise<StageBacklog>) =>
  new StageMetrics({
    service: 'optimization',
    subscription: () => ({ progress: () => progress }) as unknown as Subscription,
    backlog,
    process: false,
  });
const envelope = { id: 'e', type: 'T', source: 's', correlationId: 'c' };

describe('StageMetrics', () => {
  it('tells lag by partition, and outbox and dead letters as they are now', async () => {
    const backlog = { outboxDepth: 3, outboxAgeSeconds: 1.5, deadLetters: 2 };
    const text = await metricsWith(() => Promise.resolve(backlog)).text();
    expect(text).toContain('allostat_consumer_lag{topic="t",partition="0",service="optimization"} 7');
    expect(text).toContain('allostat_consumer_lag{topic="t",partition="1",service="optimization"} 0');
    expect(text).toMatch(/allostat_backlog_known\{[^}]*\} 1/);
    expect(text).toMatch(/allostat_outbox_depth\{[^}]*\} 3/);
    expect(text).toMatch(/allostat_outbox_age_seconds\{[^}]*\} 1.5/);
    expect(text).toMatch(/allostat_dead_letters\{[^}]*\} 2/);
  });

  it('says that it does not know the backlog when the database is away, and still tells the rest', async () => {
    const text = await metricsWith(() => Promise.reject(new Error('gone'))).text();
    expect(text).toMatch(/allostat_backlog_known\{[^}]*\} 0/);
    expect(text).toContain('allostat_consumer_lag');
  });

  it('measures the age of an event by its own time, and leaves out times in the future', async () => {
    const metrics = metricsWith(() => Promise.reject(new Error('not asked')));
    metrics.committed('t', { ...envelope, time: new Date(Date.now() - 2000).toISOString() });
    metrics.committed('t', { ...envelope, time: new Date(Date.now() + 60_000).toISOString() });
    const text = await metrics.text();
    expect(text).toMatch(/allostat_messages_handled_total\{[^}]*\} 2/);
    expect(text).toMatch(/allostat_event_age_seconds_count\{[^}]*\} 1/);
    expect(text).toMatch(/allostat_event_age_seconds_bucket\{le="1",[^}]*\} 0/);
    expect(text).toMatch(/allostat_event_age_seconds_bucket\{le="2.5",[^}]*\} 1/);
  });
});
