import { join } from 'node:path';
import { Client } from 'pg';
import { createMessageBus, envelopeHeaders, migrate, type MessageBus } from '@allostat/platform';
import {
  eventually,
  startKafka,
  startPostgres,
  SupervisedProcess,
  type HistoryEntry,
  type Infrastructure,
} from '@allostat/testkit';
import { COUNTER, LEDGER, SAMPLE_TOPICS } from './sample-stages';

const MAIN = join(__dirname, 'sample-main.ts');
const KEYS = 8;

/** The sample application as processes, a driver that sends numbers, and the books that tell what happened. */
export class SampleWorld {
  readonly sent: HistoryEntry[] = [];
  private readonly places = new Map<string, number>();

  private constructor(
    readonly admin: Client,
    readonly adminUrl: string,
    private readonly bus: MessageBus,
    private readonly kafka: Infrastructure | undefined,
    private readonly postgres: Infrastructure,
  ) {}

  static async open(transport: 'postgres' | 'kafka'): Promise<SampleWorld> {
    const postgres = await startPostgres();
    const kafka = transport === 'kafka' ? await startKafka() : undefined;
    await migrate({ adminUrl: postgres.url, stages: [COUNTER, LEDGER] });
    const bus = await createMessageBus(
      kafka === undefined
        ? { kind: 'postgres', url: postgres.url }
        : { kind: 'kafka', brokers: kafka.url.split(','), clientId: 'driver' },
    );
    await bus.ensureTopics(SAMPLE_TOPICS);
    const admin = new Client({ connectionString: postgres.url });
    await admin.connect();
    return new SampleWorld(admin, postgres.url, bus, kafka, postgres);
  }

  process(stage: 'counter' | 'ledger', env: (starts: number) => Readonly<Record<string, string>> = () => ({})) {
    const kafka: Record<string, string> = this.kafka === undefined ? {} : { KAFKA: this.kafka.url };
    return new SupervisedProcess({
      file: MAIN,
      args: [stage],
      env: (starts) => ({ ADMIN_URL: this.adminUrl, ...kafka, ...env(starts) }),
    });
  }

  /** Sends the next number of each key in turn, `count` in all. */
  async send(count: number): Promise<void> {
    const entries: HistoryEntry[] = [];
    for (let i = 0; i < count; i++) {
      const key = `key-${(this.sent.length + i) % KEYS}`;
      const place = (this.places.get(key) ?? 0) + 1;
      this.places.set(key, place);
      entries.push({ id: `${key}.${place}`, key, place });
    }
    await this.bus.publish(
      entries.map(({ id, key, place }) => ({
        topic: 'numbers',
        key,
        value: Buffer.from(JSON.stringify({ type: 'Number', topic: 'numbers', key, value: place })),
        headers: envelopeHeaders({
          id,
          type: 'Number',
          source: 'driver',
          time: '2024-01-01T00:00:00.000Z',
          correlationId: id,
        }),
      })),
    );
    this.sent.push(...entries);
  }

  async applied(stage: 'counter' | 'ledger'): Promise<HistoryEntry[]> {
    const { rows } = await this.admin.query<HistoryEntry>(`select id, key, place from ${stage}.applied order by n`);
    return rows;
  }

  /** How many of the numbers that were sent the last stage has not applied. */
  async backlog(): Promise<number> {
    const { rows } = await this.admin.query<{ n: number }>('select count(*)::int as n from ledger.applied');
    return this.sent.length - rows[0].n;
  }

  /** Waits until both stages have applied everything that was sent, or nothing more comes. */
  async drained(withinMs: number): Promise<void> {
    await eventually(async () => {
      const { rows } = await this.admin.query<{ counter: number; ledger: number; waiting: number }>(
        `select (select count(distinct id)::int from counter.applied) as counter,
           (select count(distinct id)::int from ledger.applied) as ledger,
           (select count(*)::int from counter.outbox) as waiting`,
      );
      expect(rows[0]).toEqual({ counter: this.sent.length, ledger: this.sent.length, waiting: 0 });
    }, withinMs);
  }

  async close(): Promise<void> {
    await this.bus.close();
    await this.admin.end();
    await this.kafka?.stop();
    await this.postgres.stop();
  }
}
