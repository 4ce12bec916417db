import { randomUUID } from 'node:crypto';
import { Pool } from 'pg';
import { createMessageBus, readEnvelope, sleep, type MessageBus, type Subscription } from '@allostat/platform';
import { describeWith, LocalBroker } from '@allostat/testkit';
import { GovernanceWorld } from './governance-world';

const DRILLS = process.env.ALLOSTAT_EXHAUSTIVE === '1' ? 200 : 24;
/** Many: a single one that releases again and again would be stopped by the throttle. */
const MANDATES = Array.from({ length: 90 }, (_, i) => `load-${i}`);
const WORKERS = 3;
const SLO_MS = 1000;

/** Proposals and signatures without pause, so that a press always meets releases under way. */
class Load {
  private running = true;
  private readonly workers: Promise<void>[];
  private number = 0;

  constructor(
    private readonly world: GovernanceWorld,
    private readonly admin: Pool,
  ) {
    this.workers = Array.from({ length: WORKERS }, (_, i) => this.work(i));
  }

  private async work(first: number): Promise<void> {
    for (let turn = first; this.running; turn += WORKERS) {
      const mandateId = MANDATES[turn % MANDATES.length];
      const id = await this.world.propose(mandateId, (this.number += 1));
      for (let tries = 0; this.running && tries < 400; tries++) {
        const { rows } = await this.admin.query('select 1 from governance.review where proposal_id = $1', [id]);
        if (rows.length > 0) break;
        await sleep(5);
      }
      await this.world.approve('pat', id);
      await this.world.approve('riley', id);
    }
  }

  async stop(): Promise<void> {
    this.running = false;
    await Promise.all(this.workers);
  }
}

const percentile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.ceil(share * values.length) - 1)];

describeWith('local-broker', 'the kill switch under load', () => {
  let broker: LocalBroker;
  let world: GovernanceWorld;
  let admin: Pool;
  let watching: Subscription;
  let watcher: MessageBus;
  const seen: { readonly at: number }[] = [];
  const latencies: number[] = [];

  beforeAll(async () => {
    broker = await LocalBroker.start();
    const connect = (): Promise<MessageBus> =>
      createMessageBus({ kind: 'kafka', brokers: [broker.url], clientId: 'kill', sessionTimeoutMs: 6000 });
    world = await GovernanceWorld.open({ mandates: MANDATES, bus: connect });
    admin = new Pool({ connectionString: world.postgres.url });
    watcher = await connect();
    watching = await watcher.subscribe({
      group: `watch-${randomUUID()}`,
      topics: ['allocation.instruction.v1'],
      handler: async ({ messages }) => {
        for (const { headers } of messages) {
          readEnvelope(headers);
          seen.push({ at: Date.now() });
        }
      },
      fromBeginning: true,
    });
  }, 180_000);
  afterAll(async () => {
    await watching.close();
    await watcher.close();
    await admin.end();
    await world.close();
    await broker.stop();
  }, 120_000);

  const released = async (): Promise<number> => {
    const { rows } = await admin.query<{ n: string }>('select count(*) as n from governance.instruction');
    return Number(rows[0].n);
  };

  /** Presses, and measures until nothing is released any more; then two people arm it again. */
  async function drill(): Promise<void> {
    const pressed = Date.now();
    const { status } = await world.call('operator', 'POST', '/kill-switch/engagements', {
      scope: 'all',
      reason: 'a drill under load',
      drill: true,
    });
    const answered = Date.now();
    expect(status).toBe(200);
    const atAnswer = await released();
    await sleep(60);
    // the press has answered: from then on no release commits, and none had to be waited for
    expect(await released()).toBe(atAnswer);
    const late = seen.filter(({ at }) => at > answered).map(({ at }) => at - pressed);
    latencies.push(Math.max(answered - pressed, ...late));
    const arm = (who: string) =>
      world.call(who, 'POST', '/kill-switch/armings', { scope: 'all', reason: 'the drill is over' });
    expect((await arm('operator')).status).toBe(200);
    expect((await arm('operator')).status).toBe(403);
    expect((await arm('compliance')).status).toBe(200);
  }

  it(`stops releases within a second in ${DRILLS} drills, a quarter of them with Kafka down`, async () => {
    const load = new Load(world, admin);
    await sleep(1000);
    for (let i = 0; i < Math.floor(DRILLS * 0.75); i++) {
      await drill();
      await sleep(30);
    }
    expect(await released()).toBeGreaterThan(3);
    await load.stop();
    // signed and waiting to leave when the broker dies
    await broker.kill();
    const withoutKafka = DRILLS - Math.floor(DRILLS * 0.75);
    for (let i = 0; i < withoutKafka; i++) await drill();
    console.log(
      `kill to last release over ${latencies.length} drills: p50 ${percentile(latencies, 0.5)} ms, p99 ${percentile(latencies, 0.99)} ms, worst ${Math.max(...latencies)} ms; ${await released()} instructions`,
    );
    expect(percentile(latencies, 0.99)).toBeLessThanOrEqual(SLO_MS);
    const { rows } = await admin.query<{ n: string }>(
      `select count(*) as n from governance.kill_entry where drill and action = 'engage'`,
    );
    expect(Number(rows[0].n)).toBe(DRILLS);
  }, 600_000);
});
