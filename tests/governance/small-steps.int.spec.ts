import type { Client } from 'pg';
import { GovernanceWorld } from '../security/governance-world';

let world: GovernanceWorld;
let admin: Client;

beforeAll(async () => {
  world = await GovernanceWorld.open({ mandates: ['mandate-a', 'mandate-b'] });
  admin = await world.connect('administrator');
}, 120_000);
afterAll(async () => {
  await admin.end();
  await world.close();
}, 60_000);

const STEP = 0.055;
const proposed = async (
  mandateId: string,
  number: number,
): Promise<{ id: string; tier: string; contentHash: string }> => {
  const id = await world.propose(mandateId, number, 0.5 + STEP);
  await world.taken();
  const { body } = await world.call('pat', 'GET', `/reviews/${id}`);
  return { id, tier: body.tier as string, contentHash: body.contentHash as string };
};
const instructions = async (mandateId: string): Promise<number> => {
  const { rows } = await admin.query<{ n: string }>('select count(*) as n from instruction where mandate_id = $1', [
    mandateId,
  ]);
  return Number(rows[0].n);
};

it('ten small steps need what one large one would: the tenth is not released by what was enough for the first', async () => {
  const tiers: string[] = [];
  for (let number = 1; number <= 9; number++) {
    const { id, tier } = await proposed('mandate-a', number);
    tiers.push(tier);
    await world.approve('risk', id);
    expect((await world.approve('riley', id)).body).toMatchObject({ status: 'released' });
  }
  // one step of 5.5 % is small; two are eleven percent; nine are 49.5
  expect(tiers).toEqual(['routine', ...Array<string>(8).fill('standard')]);

  const tenth = await proposed('mandate-a', 10);
  expect(tenth.tier).toBe('high');
  const plain = { decision: 'approve', reason: 'as the nine before', contentHash: tenth.contentHash };
  const unread = await world.call('risk', 'POST', `/reviews/${tenth.id}/decisions`, plain);
  expect(unread.body.error?.code).toBe('GOVERNANCE.ANSWERS_MISSING');
  // two of risk, who were enough nine times
  await world.approve('risk', tenth.id);
  expect((await world.approve('riley', tenth.id)).body).toMatchObject({
    status: 'submitted',
    functions: ['portfolio-manager'],
  });
  expect(await instructions('mandate-a')).toBe(9);
  expect((await world.approve('pat', tenth.id)).body).toMatchObject({ status: 'released' });

  // the steps of one mandate are not those of another
  expect((await proposed('mandate-b', 1)).tier).toBe('routine');
}, 60_000);

it('two people who sign at once count once each, and an instruction leaves once', async () => {
  const { id } = await proposed('mandate-b', 2);
  const answers = await Promise.all([
    world.approve('pat', id),
    world.approve('riley', id),
    world.approve('pat', id),
    world.approve('riley', id),
  ]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 409, 409]);
  expect(await instructions('mandate-b')).toBe(1);
  const { rows } = await admin.query('select actor from review_decision where proposal_id = $1 order by actor', [id]);
  expect(rows).toEqual([{ actor: 'pat' }, { actor: 'riley' }]);
});
