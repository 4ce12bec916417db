import { describeWith } from '@allostat/testkit';
import { allostat, LineProcesses, SERVICES, type Service } from './line-processes';

const PHASES = ['before-commit', 'after-commit', 'after-publish', 'before-offset'] as const;
/** How often each service is killed in each phase; ALLOSTAT_CHAOS_ROUNDS=20 for the long run. */
const ROUNDS = Number(process.env.ALLOSTAT_CHAOS_ROUNDS ?? '1');
const RUN = ['--bars', String(60 + 40 * ROUNDS), '--years', '10', '--json'];

/** model-lab takes no messages: it has nothing to be killed in. */
const VICTIMS: readonly Service[] = SERVICES.filter((service) => service !== 'model-lab');

/**
 * Failpoint of a service's n-th life: phase by phase, a few passes after the start, until every phase has had its
 * rounds; then it lives on. The first life waits longer, so that the demonstration has begun.
 */
function failpoint(service: Service, starts: number): Readonly<Record<string, string>> {
  if (!VICTIMS.includes(service) || starts > PHASES.length * ROUNDS) return {};
  const phase = PHASES[(starts - 1) % PHASES.length];
  return { ALLOSTAT_FAILPOINT: `${service}:${phase}:${3 + ((starts * 7 + VICTIMS.indexOf(service)) % 5)}` };
}

describeWith('postgres', 'kill -9 of every service in every phase', () => {
  let quiet: LineProcesses;
  let killed: LineProcesses;

  beforeAll(async () => {
    quiet = await LineProcesses.open('postgres');
    await quiet.startAll();
    killed = await LineProcesses.open('postgres');
    await killed.startAll(failpoint);
  }, 180_000);
  afterAll(async () => {
    await quiet.close();
    await killed.close();
  }, 60_000);

  it(
    `changes nothing: ${ROUNDS} a phase and service give the bytes of an undisturbed run`,
    async () => {
      const calm = await allostat(['demonstrate', ...RUN], quiet.env());
      const storm = await allostat(['demonstrate', ...RUN], killed.env());
      expect({ code: storm.code, stderr: storm.stderr }).toEqual({ code: 0, stderr: '' });
      const {
        seconds: _calm,
        barsPerSecond: _calmRate,
        ...expected
      } = JSON.parse(calm.stdout) as Record<string, unknown>;
      const {
        seconds: _storm,
        barsPerSecond: _stormRate,
        ...got
      } = JSON.parse(storm.stdout) as Record<string, unknown>;
      expect(got).toEqual(expected);
      const kills = killed.running.map(({ name, process }) => ({
        name: name.split(':')[0],
        kills: process.ends.length,
      }));
      for (const service of VICTIMS) {
        expect(kills).toContainEqual({ name: service, kills: PHASES.length * ROUNDS });
      }
      for (const { process } of killed.running) for (const end of process.ends) expect(end.signal).toBe('SIGKILL');
    },
    600_000 + ROUNDS * 240_000,
  );

  it('stops every service on SIGTERM with code 0 within 20 s', async () => {
    const ends = await Promise.all(killed.running.map(({ process }) => process.stop('SIGTERM')));
    for (const { code, milliseconds } of ends) {
      expect(code).toBe(0);
      expect(milliseconds).toBeLessThan(20_000);
    }
  }, 60_000);
});
