import { InMemorySpanExporter } from '@opentelemetry/sdk-trace-base';
import { ManualClock } from '@allostat/kernel';
import {
  createLogger,
  createMessageBus,
  migrate,
  roleUrl,
  startStage,
  Telemetry,
  type MessageBusOptions,
  type RunningStage,
} from '@allostat/platform';
import { eventually, sampleCodec, startPostgres, type Infrastructure, type SampleEvent } from '@allostat/testkit';
import { COUNTER, LEDGER, SAMPLE_TOPICS } from '../resilience/sample/sample-stages';

/** One trace runs from where an event begins, over the outbox hops, to its last effect. */
export function oneTraceContract(busFor: (adminUrl: string) => Promise<MessageBusOptions>): void {
  let postgres: Infrastructure;
  beforeAll(async () => (postgres = await startPostgres()), 60_000);
  afterAll(() => postgres.stop(), 30_000);

  it('carries one trace id from the first unit to the last consumer, each span under its cause', async () => {
    await migrate({ adminUrl: postgres.url, stages: [COUNTER, LEDGER] });
    const bus = await createMessageBus(await busFor(postgres.url));
    await bus.ensureTopics(SAMPLE_TOPICS);
    const exporter = new InMemorySpanExporter();
    const telemetry = new Telemetry({ exporter, immediate: true });
    const stages: RunningStage<SampleEvent>[] = [];
    for (const definition of [COUNTER, LEDGER]) {
      stages.push(
        await startStage<SampleEvent>(definition, {
          databaseUrl: roleUrl(postgres.url, definition.name),
          bus,
          codec: sampleCodec,
          clock: new ManualClock('2024-01-01T00:00:00.000Z'),
          logger: createLogger({ service: 'test', level: 'fatal' }),
          telemetry,
        }),
      );
    }
    await stages[0].units.run((unit) => {
      unit.publish([{ type: 'Number', topic: 'numbers', key: 'k', value: 1 }], {
        id: 'start',
        type: 'Order',
        source: 'test',
        time: '2024-01-01T00:00:00.000Z',
        correlationId: 'start',
      });
      return Promise.resolve();
    });
    const spans = await eventually(() => {
      const finished = exporter.getFinishedSpans();
      expect(finished.map(({ name }) => name)).toEqual(['unit', 'process numbers', 'process totals']);
      return finished;
    }, 20_000);
    expect(new Set(spans.map((span) => span.spanContext().traceId)).size).toBe(1);
    expect(spans[1].parentSpanContext?.spanId).toBe(spans[0].spanContext().spanId);
    expect(spans[2].parentSpanContext?.spanId).toBe(spans[1].spanContext().spanId);
    expect(spans.map(({ resource }) => resource.attributes['service.name'])).toEqual(['counter', 'counter', 'ledger']);
    expect(spans[2].attributes).toMatchObject({
      'messaging.destination.name': 'totals',
      'messaging.message.conversation_id': 'start',
    });
    for (const stage of stages) await stage.close();
    await telemetry.close();
    await bus.close();
  }, 90_000);
}
