import { TOPICS } from '@allostat/contracts';
import { deterministicId, toInstant, type Clock } from '@allostat/kernel';
import type { DomainEvent } from '@allostat/pipeline';
import {
  createLogger,
  createMessageBus,
  envelopeHeaders,
  migrate,
  roleUrl,
  startStage,
  type MessageBus,
  type RunningStage,
  type StageDefinition,
} from '@allostat/platform';
import { decodeEvent, encodeEvent, WIRE_CODEC } from '@allostat/wire';
import type { Infrastructure } from './infrastructure';
import { startPostgres } from './start-postgres';

/** One stage of the line on a database and a log of its own, its API on a free port. */
export class StageWorld {
  private constructor(
    private readonly postgres: Infrastructure,
    readonly bus: MessageBus,
    readonly stage: RunningStage<DomainEvent>,
  ) {}

  static async open(
    definition: StageDefinition,
    { clock = { now: () => toInstant(Date.now()) } }: { readonly clock?: Clock } = {},
  ): Promise<StageWorld> {
    const postgres = await startPostgres();
    await migrate({ adminUrl: postgres.url, stages: [definition] });
    const bus = await createMessageBus({ kind: 'postgres', url: postgres.url, clientId: 'test' });
    await bus.ensureTopics(TOPICS.map(({ name }) => ({ name, partitions: 1 })));
    const stage = await startStage<DomainEvent>(definition, {
      databaseUrl: roleUrl(postgres.url, definition.name),
      bus,
      codec: WIRE_CODEC,
      clock,
      logger: createLogger({ service: 'test', level: 'silent' }),
      port: 0,
    });
    return new StageWorld(postgres, bus, stage);
  }

  /** Address of the stage's API. */
  get url(): string {
    return this.stage.url as string;
  }

  /** Sends the stage an event as another service would; the id follows from the content. */
  async publish(event: DomainEvent, time: string): Promise<void> {
    const { topic, key, type, value } = encodeEvent(event);
    const id = deterministicId('test', JSON.stringify(event));
    const headers = envelopeHeaders({ id, type, source: 'test', time, correlationId: id });
    await this.bus.publish([{ topic, key, value: Buffer.from(value), headers }]);
  }

  /** What is published on a topic from now on; the list grows. */
  async listen(topic: string): Promise<readonly DomainEvent[]> {
    const heard: DomainEvent[] = [];
    await this.bus.subscribe({
      topics: [topic],
      group: `listener of ${topic}`,
      handler: ({ messages }) => {
        for (const { headers, value } of messages) {
          heard.push(decodeEvent({ topic, type: String(headers.ce_type), value: value as Buffer }));
        }
        return Promise.resolve();
      },
    });
    return heard;
  }

  async close(): Promise<void> {
    await this.stage.close();
    await this.bus.close();
    await this.postgres.stop();
  }
}
