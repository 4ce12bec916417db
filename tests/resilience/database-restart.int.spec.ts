import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { ManualClock } from '@allostat/kernel';
import {
  createLogger,
  createMessageBus,
  envelopeHeaders,
  freePort,
  migrate,
  roleUrl,
  sleep,
  startEmbeddedPostgres,
  startStage,
  type EmbeddedPostgres,
} from '@allostat/platform';
import {
  checkHistory,
  eventually,
  FAULTLESS,
  sampleCodec,
  type HistoryEntry,
  type SampleEvent,
} from '@allostat/testkit';
import { COUNTER, LEDGER, SAMPLE_TOPICS } from './sample/sample-stages';

describe('a database server that dies under load', () => {
  let dataDir: string;
  let server: EmbeddedPostgres;
  beforeAll(() => (dataDir = mkdtempSync(join(tmpdir(), 'allostat-restart-'))));
  afterAll(async () => {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }, 30_000);

  it.each(['SIGINT', 'SIGKILL'] as const)(
    'ends by %s, comes back, and nothing is lost, doubled or given up',
    async (signal) => {
      const port = await freePort();
      server = await startEmbeddedPostgres({ dataDir, port });
      await migrate({ adminUrl: server.url, stages: [COUNTER, LEDGER] });
      const bus = await createMessageBus({ kind: 'postgres', url: server.url, heartbeatMs: 200 });
      await bus.ensureTopics(SAMPLE_TOPICS);
      const stages = await Promise.all(
        [COUNTER, LEDGER].map((definition) =>
          startStage<SampleEvent>(definition, {
            databaseUrl: roleUrl(server.url, definition.name),
            bus,
            codec: sampleCodec,
            clock: new ManualClock('2024-01-01T00:00:00.000Z'),
            logger: createLogger({ service: 'test', level: 'fatal' }),
            retry: { baseMs: 20, maxMs: 200 },
          }),
        ),
      );
      const sent: HistoryEntry[] = [];
      const send = async (place: number) => {
        const entry = { id: `${signal}.${place}`, key: signal, place };
        const value = Buffer.from(JSON.stringify({ type: 'Number', topic: 'numbers', key: signal, value: place }));
        const envelope = {
          id: entry.id,
          type: 'Number',
          source: 'test',
          time: '2024-01-01T00:00:00Z',
          correlationId: entry.id,
        };
        const message = { topic: 'numbers', key: signal, value, headers: envelopeHeaders(envelope) };
        // The sender does not know whether a failed publish arrived: it sends again under the same id.
        await eventually(() => bus.publish([message]), 30_000);
        sent.push(entry);
      };
      let restarted: Promise<void> = Promise.resolve();
      for (let place = 1; place <= 200; place++) {
        await send(place);
        if (place !== 60) continue;
        process.kill(server.pid, signal);
        restarted = sleep(300).then(async () => {
          await server.stop();
          server = await startEmbeddedPostgres({ dataDir, port });
        });
      }
      await restarted;
      const admin = new Client({ connectionString: server.url });
      await admin.connect();
      const applied = async (stage: string) =>
        (
          await admin.query<HistoryEntry>(`select id, key, place from ${stage}.applied where key = $1 order by n`, [
            signal,
          ])
        ).rows;
      await eventually(async () => expect(await applied('ledger')).toHaveLength(200), 30_000);
      for (const stage of ['counter', 'ledger']) {
        expect(checkHistory({ sent, applied: await applied(stage) })).toEqual(FAULTLESS);
      }
      for (const stage of stages) {
        expect(await stage.deadLetters.count()).toBe(0);
        // the last connections may still be on their way back
        await eventually(async () => expect(await stage.health()).toMatchObject({ status: 'ready' }), 30_000);
        await stage.close();
      }
      await bus.close();
      await admin.end();
      await server.stop();
    },
    120_000,
  );
});
