import type { Client } from 'pg';
import { CommandCauses, expireReviews } from '@allostat/governance';
import { DEFAULT_POLICY_SET } from '@allostat/pipeline';
import { GovernanceWorld, mandateNamed, UNIVERSE } from '../security/governance-world';

let world: GovernanceWorld;
let service: Client;

beforeAll(async () => {
  world = await GovernanceWorld.open({ mandates: ['mandate-a', 'mandate-b'] });
  service = await world.connect('service');
}, 120_000);
afterAll(async () => {
  await service.end();
  await world.close();
}, 60_000);

const propose = (who: string, kind: string, body: object) =>
  world.call(who, 'POST', '/changes', { kind, body, reason: 'the committee asked for it' });
const sign = async (who: string, id: string) => {
  const { body } = await world.call(who, 'GET', '/changes');
  const change = (body as unknown as { id: string; contentHash: string }[]).find((candidate) => candidate.id === id);
  const decision = { decision: 'approve', reason: 'read and agreed', contentHash: change?.contentHash };
  return world.call(who, 'POST', `/changes/${id}/decisions`, decision);
};
const policies = (version: number, limits: object, caps?: object[]) => ({
  id: 'default',
  version,
  limits: { ...DEFAULT_POLICY_SET.limits, ...limits },
  ...(caps && { caps }),
});
const status = async (id: string): Promise<unknown> => {
  const { body } = await world.call('pat', 'GET', `/reviews/${id}`);
  return [body.status, (body.held as { rule: string }[] | undefined)?.map(({ rule }) => rule)];
};

it('a policy holds once others than its maker have approved it, risk among them, and every version stays readable', async () => {
  const { body } = await propose('pat', 'policies', policies(2, { restricted: ['EQ'] }));
  const id = body.id as string;
  expect((await sign('pat', id)).body.error?.code).toBe('GOVERNANCE.MAKER_CANNOT_DECIDE');
  expect((await sign('compliance', id)).body).toMatchObject({ status: 'submitted' });
  const before = new Date().toISOString();
  expect((await sign('riley', id)).body).toMatchObject({ status: 'approved' });

  const proposal = await world.propose('mandate-a', 1);
  await world.taken();
  await world.approve('pat', proposal);
  await world.approve('riley', proposal);
  expect(await status(proposal)).toEqual(['approved', ['restricted-list']]);

  const versions = await world.call('pat', 'GET', '/versions/policies/default');
  expect(versions.body).toMatchObject([{ version: 2, changeId: id }]);
  expect((await world.call('pat', 'GET', `/versions/policies/default?asOf=${before}`)).body).toEqual([]);
  expect((await propose('pat', 'policies', policies(2, {}))).body.error?.message).toMatch(
    /does not follow the present version 2/,
  );
});

it('two approved proposals never exceed a shared cap together', async () => {
  // one of the two trades 2 % of a hundred million twice: four million
  const { body } = await propose(
    'pat',
    'policies',
    policies(3, { restricted: [] }, [{ id: 'desk', tradedValueMaxPerDay: 6e6 }]),
  );
  await sign('compliance', body.id as string);
  await sign('riley', body.id as string);
  const [first, second] = [await world.propose('mandate-a', 2), await world.propose('mandate-b', 2)];
  await world.taken();
  await Promise.all([first, second].map((id) => world.approve('pat', id)));
  await Promise.all([first, second].map((id) => world.approve('riley', id)));
  const standing = [await status(first), await status(second)].map(String).sort();
  expect(standing).toEqual(['approved,cap:desk', 'released,']);
});

it('a mandate is versioned by approval, and its new version reaches the line', async () => {
  const next = { ...mandateNamed('mandate-b'), version: 2, approvals: { required: 3, validityDays: 5 } };
  const { body } = await propose('pat', 'mandate', next);
  await sign('compliance', body.id as string);
  expect((await sign('riley', body.id as string)).body).toMatchObject({ status: 'approved' });
  for (let tries = 0; tries < 200; tries++) {
    await world.taken();
    const id = await world.propose('mandate-b', 100 + tries);
    await world.taken();
    const { rows } = await service.query<{ n: number }>(
      'select required_approvals as n from review where proposal_id = $1',
      [id],
    );
    if (rows[0]?.n === 3) return;
  }
  throw new Error('the new version did not arrive');
}, 30_000);

describe('a change', () => {
  const universe = (version: number, instruments: string[]) => ({
    ...UNIVERSE,
    version,
    instruments: instruments.map((id) => ({ id, assetClass: 'equity' })),
  });
  const doubt = { topic: 'risk', text: 'why this limit?' };

  it('of a universe is published once it is approved, and refused when a mandate would no longer fit', async () => {
    const without = await propose('pat', 'universe', universe(2, ['EQ']));
    expect(without.body.error?.message).toMatch(/mandate mandate-a would not fit: anchorWeights.BOND/);
    const { body } = await propose('pat', 'universe', universe(2, ['EQ', 'BOND', 'GOLD']));
    await sign('compliance', body.id as string);
    expect((await sign('riley', body.id as string)).body).toMatchObject({ status: 'approved' });
    // it comes back over the bus: the next version can then follow
    for (let tries = 0; tries < 200; tries++) {
      await world.taken();
      const next = await propose('pat', 'universe', universe(3, ['EQ', 'BOND']));
      if (next.status === 200)
        return void (await world.call('pat', 'POST', `/changes/${next.body.id as string}/withdrawal`, {
          reason: 'only a test',
        }));
      expect(next.body.error?.message).toMatch(/does not follow the present version 1/);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error('the new version did not arrive');
  }, 30_000);

  it('of a mandate that does not fit its universe is refused with the field', async () => {
    const wrong = { ...mandateNamed('mandate-a'), version: 2, anchorWeights: { EQ: 0.5, BONDS: 0.5 } };
    expect((await propose('pat', 'mandate', wrong)).body.error?.message).toMatch(/BONDS is not in universe demo/);
  });

  it('is not approved while a challenge is open, and its maker can answer', async () => {
    const { body } = await propose('pat', 'policies', policies(4, {}));
    const id = body.id as string;
    expect((await world.call('pat', 'POST', `/changes/${id}/challenges`, doubt)).body.error?.code).toBe(
      'GOVERNANCE.PARTY_CANNOT_CHALLENGE',
    );
    const asked = await world.call('compliance', 'POST', `/changes/${id}/challenges`, doubt);
    const [{ id: challenge }] = asked.body.challenges as { id: string }[];
    expect((await sign('riley', id)).body.error?.code).toBe('GOVERNANCE.ACTION_NOT_ALLOWED');
    const answer = (who: string) =>
      world.call(who, 'POST', `/changes/${id}/challenges/${challenge}/answer`, { text: 'the committee asked' });
    expect((await answer('compliance')).body.error?.code).toBe('GOVERNANCE.OWN_CHALLENGE');
    expect((await answer('pat')).body).toMatchObject({ status: 'responded' });
    expect((await sign('riley', id)).body).toMatchObject({ status: 'responded', needs: 1 });
    const withdraw = (who: string) => world.call(who, 'POST', `/changes/${id}/withdrawal`, { reason: 'superseded' });
    expect((await withdraw('riley')).body.error?.code).toBe('GOVERNANCE.NOT_THE_MAKER');
    expect((await withdraw('pat')).body).toMatchObject({ status: 'withdrawn' });
    expect((await sign('compliance', id)).body.error?.code).toBe('GOVERNANCE.REVIEW_CLOSED');
  });

  it('expires after its fourteen days, and cannot be approved a moment before or after that somebody looks', async () => {
    const { body } = await propose('pat', 'policies', policies(4, {}));
    const id = body.id as string;
    const look = (days: number) => {
      const later = new Date(Date.parse(body.openedAt as string) + days * 86_400_000).toISOString();
      return expireReviews(world.stage.units, new CommandCauses({ now: () => later }, 'wall'));
    };
    await look(13.9);
    expect((await world.call('pat', 'GET', `/changes/${id}`)).body).toMatchObject({ status: 'submitted' });
    await look(14);
    expect((await world.call('pat', 'GET', `/changes/${id}`)).body).toMatchObject({ status: 'expired' });
    expect((await sign('riley', id)).body.error?.code).toBe('GOVERNANCE.REVIEW_CLOSED');
    const { rows } = await service.query(`select 1 from audit_record where action = 'change.expire'`);
    expect(rows).toHaveLength(1);
  });

  it('that is open is superseded by a later one of the same subject', async () => {
    const first = (await propose('pat', 'policies', policies(4, {}))).body.id as string;
    const second = (await propose('risk', 'policies', policies(4, { turnoverMax: 0.5 }))).body.id as string;
    expect((await world.call('pat', 'GET', `/changes/${first}`)).body).toMatchObject({ status: 'superseded' });
    await world.call('risk', 'POST', `/changes/${second}/withdrawal`, { reason: 'only a test' });
  });
});

describe('four eyes in the database itself', () => {
  const decide = (id: string, actor: string, onBehalfOf: string | null = null) =>
    service.query(
      `insert into review_decision (proposal_id, maker, actor, decision, reason, content_hash, at, on_behalf_of)
       select proposal_id, maker, $2, 'approve', 'because I say so', content_hash, now(), $3 from review where proposal_id = $1`,
      [id, actor, onBehalfOf],
    );
  const party = (id: string, person: string, part: string) =>
    service.query('insert into review_party values ($1, $2, $3)', [id, person, part]);
  let id: string;
  beforeAll(async () => {
    id = await world.propose('mandate-a', 3);
    await world.taken();
  });

  it.each(['editor', 'model-developer', 'data-overrider', 'delegator'])(
    'refuses a decision by or for a %s',
    async (part) => {
      await party(id, `x-${part}`, part);
      await expect(decide(id, `x-${part}`)).rejects.toThrow(/four eyes/);
      await expect(decide(id, 'somebody', `x-${part}`)).rejects.toThrow(/four eyes/);
    },
  );

  it('refuses a second decision by a person, also through another, and a decision by a machine', async () => {
    await decide(id, 'ann', 'bea');
    await expect(decide(id, 'bea')).rejects.toThrow(/four eyes/);
    await expect(decide(id, 'cat', 'ann')).rejects.toThrow(/four eyes/);
    await expect(decide(id, 'service:optimization')).rejects.toThrow(/four eyes|only_people_decide/);
    await expect(decide(id, 'service:other')).rejects.toThrow(/only_people_decide/);
  });

  it('refuses to make a party of somebody who has decided', async () => {
    await expect(party(id, 'ann', 'editor')).rejects.toThrow(/cannot become a party/);
    await expect(party(id, 'bea', 'editor')).rejects.toThrow(/cannot become a party/);
  });

  it('lets one of two transactions through that would both be right alone', async () => {
    const race = await world.propose('mandate-a', 4);
    await world.taken();
    const other = await world.connect('service');
    await service.query('begin');
    await other.query('begin');
    await decide(race, 'dan');
    const second = other.query('insert into review_party values ($1, $2, $3)', [race, 'dan', 'editor']).then(
      () => 'in',
      (error: Error) => error.message,
    );
    await service.query('commit');
    expect(await second).toMatch(/cannot become a party/);
    await other.query('rollback');
    await other.end();
  });

  it('refuses an approved version without its approvals', async () => {
    const insert = `insert into approved_version (kind, id, version, body, content_hash, change_id, approved_at)
      select 'policies', 'default', 9, '{}', content_hash, proposal_id, now() from review where proposal_id = $1`;
    const { body } = await propose('pat', 'policies', policies(4, {}));
    await expect(service.query(insert, [body.id])).rejects.toThrow(/has 0 of 2 approvals/);
    await expect(service.query('delete from approved_version')).rejects.toThrow(/permission denied/);
  });
});
