import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { topicSpecs } from '@allostat/allostat';
import { governance, GovernanceBook } from '@allostat/governance';
import { deterministicId } from '@allostat/kernel';
import type { DomainEvent } from '@allostat/pipeline';
import {
  appendAudit,
  createLogger,
  createMessageBus,
  freePort,
  migrate,
  People,
  roleUrl,
  SigningKey,
  sleep,
  startEmbeddedPostgres,
  startStage,
  keepCheckpoints,
  logVerifierKey,
  verifyAudit,
  type MessageBus,
  type RunningStage,
  type EmbeddedPostgres,
  type AuditLogIdentity,
} from '@allostat/platform';
import { eventually, startPostgres, type Infrastructure } from '@allostat/testkit';
import { decodeEvent, WIRE_CODEC } from '@allostat/wire';

const ROUNDS = 4;
const WORKERS = 8;

/** The database of governance is the one that dies; what leaves it goes to another server, as it would to Kafka. */
describe('a database that is killed while decisions are appended, signed and published', () => {
  const folder = mkdtempSync(join(tmpdir(), 'allostat-audit-crash-'));
  const identity: AuditLogIdentity = { origin: 'allostat/crash', key: SigningKey.ensureFile(join(folder, 'key.pem')) };
  let server: EmbeddedPostgres;
  let outside: Infrastructure;
  let bus: MessageBus;
  let stage: RunningStage<DomainEvent>;
  /** Numbers of the decisions whose caller was told that they are kept. */
  const told: number[] = [];
  /** What others got: decisions by number, and checkpoints of the log. */
  const left: number[] = [];
  const checkpoints: { readonly size: number; readonly root: string }[] = [];

  beforeAll(async () => {
    outside = await startPostgres();
    const port = await freePort();
    server = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), port });
    const clock = { now: () => new Date().toISOString() };
    const definition = governance({ people: new People([]), clock, commandTime: 'wall', auditLog: identity });
    await migrate({ adminUrl: server.url, stages: [definition] });
    await migrate({ adminUrl: outside.url, stages: [] });
    bus = await createMessageBus({ kind: 'postgres', url: outside.url, clientId: 'crash' });
    await bus.ensureTopics(topicSpecs());
    stage = await startStage<DomainEvent>(definition, {
      databaseUrl: roleUrl(server.url, 'governance'),
      bus,
      codec: WIRE_CODEC,
      clock,
      poolSize: WORKERS,
      logger: createLogger({ service: 'test', level: 'silent' }),
    });
    await bus.subscribe({
      group: 'reader',
      topics: ['audit.checkpoint.v1'],
      handler: async ({ topic, messages }) => {
        for (const { headers, value } of messages) {
          const event = decodeEvent({ topic, type: headers.ce_type, value });
          if (event.type !== 'AuditCheckpointed') continue;
          if (event.log === 'decision') left.push(event.size);
          else checkpoints.push(event);
        }
      },
    });
  }, 120_000);
  afterAll(async () => {
    await stage.close();
    await bus.close();
    await server.stop();
    await outside.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  let number = 0;
  /** One decision: its record, and an event that says that there is one. */
  const decide = async (): Promise<void> => {
    const k = (number += 1);
    const at = new Date().toISOString();
    await stage.units.once(async (unit) => {
      const record = { actor: 'pat', action: 'test.decided', subject: 'mandate:m', body: { k } } as const;
      appendAudit(unit, [{ type: 'AuditRecord', at, ...record }]);
      const id = deterministicId('decision', String(k));
      const fact = { type: 'AuditCheckpointed', log: 'decision', size: k, root: '0'.repeat(64) } as const;
      unit.publish([fact], { id, type: 'command', source: 'test', time: at, correlationId: id });
    });
    told.push(k);
  };

  it(
    `keeps through ${ROUNDS} kills what anybody was told of, and a log that verifies`,
    async () => {
      for (let round = 1; round <= ROUNDS; round++) {
        const stopSigning = keepCheckpoints({ stage, identity, now: () => new Date().toISOString() });
        const before = told.length;
        let dead = false;
        const worker = async (): Promise<void> => {
          while (!dead) await decide().catch(() => sleep(5));
        };
        const workers = Promise.all(Array.from({ length: WORKERS }, worker));
        await eventually(async () => expect(told.length).toBeGreaterThan(before + 100), 30_000);
        await sleep((round * 37) % 100);
        const { url } = server;
        process.kill(server.pid, 'SIGKILL');
        dead = true;
        await workers;
        await server.stop();
        server = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), port: Number(new URL(url).port) });
        await stopSigning();
        await eventually(async () => expect(await stage.health()).toMatchObject({ status: 'ready' }), 30_000);

        const logKey = logVerifierKey(identity);
        const [verification, kept] = await stage.units.run(async (unit) => {
          const rows: { k: number }[] = await unit.manager.query(
            `select (record::jsonb -> 'body' ->> 'k')::int as k from audit_record`,
          );
          return [
            await verifyAudit(unit.manager, { logKey, book: new GovernanceBook() }),
            new Set(rows.map(({ k }) => k)),
          ] as const;
        });
        expect(verification).toMatchObject({ verified: true });
        expect(verification.checkpoints).toBeGreaterThan(0);
        expect(told.filter((k) => !kept.has(k))).toEqual([]);
        expect(left.filter((k) => !kept.has(k))).toEqual([]);
        const signed = await stage.units.run((unit): Promise<{ size: string; root: Buffer }[]> => {
          return unit.manager.query('select size, root from audit_checkpoint');
        });
        const roots = new Map(signed.map(({ size, root }) => [Number(size), root.toString('hex')]));
        for (const { size, root } of checkpoints) expect([size, root]).toEqual([size, roots.get(size)]);
      }
      expect(left.length).toBeGreaterThan(0);
    },
    ROUNDS * 60_000,
  );
});
