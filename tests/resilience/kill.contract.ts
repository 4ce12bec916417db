import { sleep } from '@allostat/platform';
import { checkHistory, FAULTLESS, type SupervisedProcess } from '@allostat/testkit';
import { decodeState } from '@allostat/platform';
import { SampleWorld } from './sample/sample-world';

export const PHASES = ['before-commit', 'after-commit', 'after-publish', 'before-offset'] as const;

/** A number from a seed, so that a run can be repeated. */
function lottery(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state % below;
  };
}

/**
 * Kills services with kill -9 in one phase, again and again under load, and then asks the books: nothing lost, nothing
 * applied twice, order per key kept, state equal to what was sent.
 */
export function killContract(transport: 'postgres' | 'kafka', rounds: number): void {
  let world: SampleWorld;

  beforeAll(async () => (world = await SampleWorld.open(transport)), 120_000);
  afterAll(() => world.close(), 60_000);

  async function underLoad(processes: readonly SupervisedProcess[], kills: () => number): Promise<void> {
    const deadline = Date.now() + 30_000 + rounds * 15_000;
    while (kills() < rounds && Date.now() < deadline) {
      // Under steady load, but no more than the survivors can finish afterwards.
      if ((await world.backlog()) < 1000) await world.send(16);
      await sleep(30);
    }
    expect(kills()).toBeGreaterThanOrEqual(rounds);
    for (const { ends } of processes) for (const end of ends) expect(end.signal).toBe('SIGKILL');
  }

  async function expectBooksInOrder(): Promise<void> {
    for (const stage of ['counter', 'ledger'] as const) {
      expect(checkHistory({ sent: world.sent, applied: await world.applied(stage) })).toEqual(FAULTLESS);
    }
    const { rows } = await world.admin.query<{ key: string; state: Buffer }>(
      'select key, state from counter.aggregate_state',
    );
    for (const { key, state } of rows) {
      const places = world.sent.filter((entry) => entry.key === key).map(({ place }) => place);
      expect(decodeState(state)).toEqual({ count: places.length, sum: places.reduce((a, b) => a + b, 0) });
    }
    const letters = await world.admin.query(
      'select 1 from counter.dead_letter union all select 1 from ledger.dead_letter',
    );
    expect(letters.rows).toEqual([]);
  }

  it.each(PHASES)(
    `keeps everything through ${rounds} kills of each service: %s`,
    async (phase) => {
      const draw = lottery(PHASES.indexOf(phase) + 1);
      // The ledger publishes nothing, so it never passes after-publish: there only the counter is killed.
      const victims = phase === 'after-publish' ? (['counter'] as const) : (['counter', 'ledger'] as const);
      let armed = true;
      const processes = (['counter', 'ledger'] as const).map((stage) =>
        world.process(stage, () => {
          const armedHere = armed && victims.some((victim) => victim === stage);
          return armedHere ? { ALLOSTAT_FAILPOINT: `${stage}:${phase}:${1 + draw(8)}` } : { ALLOSTAT_FAILPOINT: '' };
        }),
      );
      try {
        for (const each of processes) each.start().catch(() => undefined);
        await underLoad(processes, () =>
          Math.min(...processes.slice(0, victims.length).map(({ ends }) => ends.length)),
        );
        armed = false;
        // Whoever still carries the failpoint dies once more and comes back without it.
        await world.send(64);
        await world.drained(60_000);
        await expectBooksInOrder();
      } finally {
        for (const each of processes) await each.stop('SIGKILL');
      }
    },
    60_000 + rounds * 20_000,
  );
}
