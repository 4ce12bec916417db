import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { People, type PeopleEntry } from '@allostat/platform';
import { eventually } from '@allostat/testkit';
import { GovernanceWorld, PEOPLE } from '../security/governance-world';

/** A folder as Kubernetes mounts a ConfigMap: the file is a link into `..data`, which is itself a link that is set anew. */
const folder = mkdtempSync(join(tmpdir(), 'allostat-people-file-'));
let version = 0;
function mount(text: string): void {
  version += 1;
  mkdirSync(join(folder, `..v${version}`));
  writeFileSync(join(folder, `..v${version}`, 'people.json'), text);
  symlinkSync(`..v${version}`, join(folder, '..new'));
  renameSync(join(folder, '..new'), join(folder, '..data'));
}
const mountPeople = (people: readonly PeopleEntry[]) => mount(JSON.stringify(people));

let world: GovernanceWorld;
const told = (): Promise<{ added: { id: string }[]; removed: string[]; changed: { id: string }[] }[]> =>
  world.stage.units.run(async ({ manager }) => {
    const rows: { record: string }[] = await manager.query(
      `select record from audit_record where action = 'people.changed' order by sequence`,
    );
    return rows.map(({ record }) => (JSON.parse(record) as { body: never }).body);
  });
const ids = (people: readonly { readonly id: string }[]) => people.map(({ id }) => id);

beforeAll(async () => {
  mountPeople(PEOPLE);
  symlinkSync(join('..data', 'people.json'), join(folder, 'people.json'));
  world = await GovernanceWorld.open({ mandates: ['mandate-a'], people: People.fromFile(join(folder, 'people.json')) });
}, 120_000);
afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true });
}, 60_000);

it('at the start the log is told who may decide', async () => {
  const [first, ...others] = await told();
  expect([ids(first.added).sort(), others]).toEqual([ids(PEOPLE).sort(), []]);
});

it('who is taken out is refused, who comes may decide, and the log says so', async () => {
  expect((await world.call('pat', 'GET', '/reviews')).status).toBe(200);
  const [riley] = PEOPLE.filter(({ id }) => id === 'riley');
  const zoe = { ...riley, id: 'p-0123456789abcdef', name: 'Zoe' };
  const rest = PEOPLE.filter(({ id }) => id !== 'pat' && id !== 'riley');
  mountPeople([...rest, zoe]);
  await eventually(async () => expect((await world.call('pat', 'GET', '/reviews')).status).toBe(401), 15_000);
  expect((await world.call('riley', 'GET', '/reviews')).status).toBe(200); // the same secret, now that of another
  const last = (await told()).at(-1);
  expect([ids(last?.added ?? []), last?.removed, last?.changed]).toEqual([[zoe.id], ['pat', 'riley'], []]);
  mountPeople(PEOPLE);
  await eventually(async () => expect((await world.call('pat', 'GET', '/reviews')).status).toBe(200), 15_000);
}, 60_000);

it('a file that cannot be used changes nothing and calls a person', async () => {
  mount(JSON.stringify([{ id: 'pat', name: 'Pat', roles: ['owner'] }]));
  await eventually(async () => {
    const { body } = await world.call('risk', 'GET', '/alarms');
    const [alarm] = body as unknown as { readonly kind: string; readonly severity: string; readonly text: string }[];
    expect(alarm).toMatchObject({ kind: 'people-file-broken', severity: 'critical' });
    expect(alarm.text).toMatch(/cannot be used at 0\.roles\.0/);
  }, 15_000);
  expect((await world.call('pat', 'GET', '/reviews')).status).toBe(200);
  expect(await told()).toHaveLength(3);
}, 60_000);
