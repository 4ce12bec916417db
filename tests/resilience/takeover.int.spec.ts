import { sleep } from '@allostat/platform';
import { checkHistory, describeWith, eventually, FAULTLESS } from '@allostat/testkit';
import { SampleWorld } from './sample/sample-world';

function takeoverContract(transport: 'postgres' | 'kafka', withinMs: number): void {
  let world: SampleWorld;
  beforeAll(async () => (world = await SampleWorld.open(transport)), 120_000);
  afterAll(() => world.close(), 60_000);

  const expectFaultless = async () => {
    for (const stage of ['counter', 'ledger'] as const) {
      expect(checkHistory({ sent: world.sent, applied: await world.applied(stage) })).toEqual(FAULTLESS);
    }
  };
  const allApplied = () =>
    eventually(
      async () => expect(new Set((await world.applied('counter')).map(({ id }) => id)).size).toBe(world.sent.length),
      20_000,
    );

  it('go on soon when one of them is killed', async () => {
    const stages = [world.process('counter'), world.process('counter'), world.process('ledger')];
    await Promise.all(stages.map((stage) => stage.start()));
    await world.send(80);
    await allApplied();
    await stages[0].stop('SIGKILL');
    const killed = Date.now();
    await world.send(80);
    await allApplied();
    expect(Date.now() - killed).toBeLessThan(withinMs);
    await world.drained(20_000);
    await expectFaultless();
    await Promise.all(stages.map((stage) => stage.stop()));
  }, 120_000);

  it('cut off one that hangs longer than its session, and nothing is applied twice when it wakes up', async () => {
    const stages = [world.process('counter'), world.process('counter'), world.process('ledger')];
    await Promise.all(stages.map((stage) => stage.start()));
    await world.send(80);
    await allApplied();
    stages[0].signal('SIGSTOP');
    await world.send(400);
    await allApplied();
    stages[0].signal('SIGCONT');
    await world.send(80);
    await sleep(1500);
    await world.drained(20_000);
    await expectFaultless();
    const ends = await Promise.all(stages.map((stage) => stage.stop()));
    expect(ends.map(({ code }) => code)).toEqual([0, 0, 0]);
  }, 120_000);
}

// The Postgres log sees a broken connection at once; Kafka waits for the session to run out, here two seconds.
describe('several processes of one service on the Postgres log', () => takeoverContract('postgres', 5000));
describeWith('kafka', 'several processes of one service on Kafka', () => takeoverContract('kafka', 15_000));
