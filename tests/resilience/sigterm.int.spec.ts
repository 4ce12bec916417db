import { sleep } from '@allostat/platform';
import { checkHistory, FAULTLESS } from '@allostat/testkit';
import { SampleWorld } from './sample/sample-world';

describe('SIGTERM under load', () => {
  let world: SampleWorld;
  beforeAll(async () => (world = await SampleWorld.open('postgres')), 120_000);
  afterAll(() => world.close(), 60_000);

  it('ends each service with code 0 within 20 seconds, and nothing is lost or applied twice', async () => {
    const second = world.process('counter');
    const stages = [world.process('counter'), world.process('ledger'), second];
    await Promise.all(stages.map((stage) => stage.start()));
    let sending = true;
    const load = (async () => {
      while (sending) {
        await world.send(40);
        await sleep(10);
      }
    })();
    await sleep(500);
    const ends = await Promise.all(stages.map((stage) => stage.stop('SIGTERM')));
    sending = false;
    await load;
    for (const end of ends) {
      expect(end).toMatchObject({ code: 0, signal: null });
      expect(end.milliseconds).toBeLessThan(20_000);
    }
    const again = [world.process('counter'), world.process('ledger')];
    await Promise.all(again.map((stage) => stage.start()));
    await world.drained(30_000);
    for (const stage of ['counter', 'ledger'] as const) {
      expect(checkHistory({ sent: world.sent, applied: await world.applied(stage) })).toEqual(FAULTLESS);
    }
    for (const stage of again) await stage.stop();
  }, 120_000);
});
