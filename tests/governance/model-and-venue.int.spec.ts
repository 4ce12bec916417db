import type { Client } from 'pg';
import { startSimulator, type Simulator } from '@allostat/allostat';
import { DEFAULT_POLICY_SET, type AllocationProposed, type PolicySet, type Recheck } from '@allostat/pipeline';
import { eventually } from '@allostat/testkit';
import { GovernanceWorld, UNIVERSE } from '../security/governance-world';

const MODEL = 'regime:demo';
const MANDATES = ['mandate-a', 'mandate-b'];
let world: GovernanceWorld;
let admin: Client;
let simulator: Simulator;
let number = 0;
let policyVersion = 1;

const day = (ago: number): string => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
const trained = (version: string, developers: readonly string[] = ['rita']) =>
  world.publish({
    type: 'CandidateTrained',
    model: MODEL,
    version,
    artefact: 'a'.repeat(64),
    trainedFrom: day(4000),
    trainedTo: day(100),
    observations: 1000,
    logLikelihood: -1,
    converged: true,
    seed: 1,
    developers,
  });

beforeAll(async () => {
  world = await GovernanceWorld.open({ mandates: MANDATES });
  admin = await world.connect('administrator');
  const [equity, bond] = UNIVERSE.instruments;
  const instruments = [
    { ...equity, venue: 'XNYS' },
    { ...bond, venue: 'XLON' },
  ];
  await world.publish({ type: 'UniverseVersioned', universe: { ...UNIVERSE, version: 2, instruments } });
  simulator = await startSimulator(world.postgres.url, world.bus);
  for (const version of ['v1', 'v2', 'v3']) await trained(version);
  await settled();
}, 120_000);
afterAll(async () => {
  await simulator.stop();
  await admin.end();
  await world.close();
}, 60_000);

const settled = async (): Promise<void> => {
  await world.taken();
  for (const [group, topics] of [
    ['governance', ['model.lifecycle.v1', 'control.killswitch.v1', 'universe.version.v1']],
    ['order-system', ['allocation.instruction.v1', 'control.killswitch.v1']],
  ] as const) {
    while ((await world.bus.lag(group, topics)) > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await world.taken();
};
const facts = (version: string, change: Partial<NonNullable<AllocationProposed['facts']>> = {}) => ({
  models: [{ name: MODEL, version }],
  regimeProbability: 0.8,
  drawdownBudgetUsed: 0.4,
  cvar95: 0.04,
  ...change,
});
/** Proposes, has it signed by two, and says what became of it: its status and the rules that hold it. */
const signed = async (mandateId: string, proposalFacts: AllocationProposed['facts']): Promise<[string, unknown[]]> => {
  const id = await world.propose(mandateId, (number += 1), 0.52, proposalFacts ? { facts: proposalFacts } : {});
  await world.taken();
  await world.approve('pat', id);
  await world.approve('risk', id);
  return standing(id);
};
const standing = async (id: string): Promise<[string, unknown[]]> => {
  const { body } = await world.call('pat', 'GET', `/reviews/${id}`);
  return [body.status as string, ((body.held ?? []) as { rule: string }[]).map(({ rule }) => rule)];
};
const limits = async (wanted: PolicySet['limits']): Promise<void> => {
  policyVersion += 1;
  const body = { ...DEFAULT_POLICY_SET, version: policyVersion, limits: { ...DEFAULT_POLICY_SET.limits, ...wanted } };
  const change = (await world.call('pat', 'POST', '/changes', { kind: 'policies', body, reason: 'for the test' })).body;
  for (const who of ['compliance', 'risk']) {
    const decision = { decision: 'approve', reason: 'read and agreed', contentHash: change.contentHash };
    await world.call(who, 'POST', `/changes/${change.id as string}/decisions`, decision);
  }
};
const press = (what: 'engagements' | 'armings', who: string, scope: string) =>
  world.call(who, 'POST', `/kill-switch/${what}`, { scope, reason: 'for the test' });
const arm = async (scope: string): Promise<void> => {
  for (const who of ['operator', 'compliance']) expect((await press('armings', who, scope)).status).toBe(200);
};

describe('what policies ask of a live proposal', () => {
  const all = { cvar95Max: 0.05, drawdownBudgetUsedMax: 0.9, regimeProbabilityMin: 0.6, modelAgeDaysMax: 150 };

  it('is known: limits on tail, drawdown, regime and age of the model let it pass', async () => {
    await limits(all);
    expect(await signed('mandate-a', facts('v1'))).toEqual(['released', []]);
  });

  it.each([
    ['cvar-limit', { cvar95: 0.06 }],
    ['drawdown-budget', { drawdownBudgetUsed: 0.95 }],
    ['regime-uncertainty', { regimeProbability: 0.5 }],
  ])('%s holds it when its value is beyond the limit', async (rule, change) => {
    expect(await signed('mandate-b', facts('v1', change))).toEqual(['approved', [rule]]);
  });

  it('stale-model holds it by the date up to which the version was trained', async () => {
    await limits({ ...all, modelAgeDaysMax: 90 });
    expect(await signed('mandate-b', facts('v1'))).toEqual(['approved', ['stale-model']]);
  });

  it('what is not told is not known, and fails', async () => {
    await limits(all);
    expect(await signed('mandate-b', undefined)).toEqual([
      'approved',
      ['drawdown-budget', 'cvar-limit', 'stale-model', 'regime-uncertainty'],
    ]);
    await limits({});
  });
});

describe('a decision judged again', () => {
  const again = (id: string, body: object, who = 'pat') => world.call(who, 'POST', `/reviews/${id}/recheck`, body);
  const id = 'mandate-a-proposal-1';

  it('comes out as it did under its own set, and as it would have under an older, newer or only thought of one', async () => {
    const own = (await again(id, { version: 2 })).body as unknown as Recheck;
    expect(own.changes).toEqual([]);
    expect(own.now).toEqual(own.then);
    const older = (await again(id, { version: 1 })).body as unknown as Recheck;
    expect(older.changes.map(({ policy, now }) => [policy, now.verdict])).toEqual([
      ['drawdown-budget', 'not-applicable'],
      ['cvar-limit', 'not-applicable'],
      ['stale-model', 'not-applicable'],
      ['regime-uncertainty', 'not-applicable'],
    ]);
    const newer = (await again(id, { version: 3 })).body as unknown as Recheck;
    expect(newer.changes).toMatchObject([
      { policy: 'stale-model', then: { verdict: 'pass' }, now: { verdict: 'fail' } },
    ]);
    const limits = { ...DEFAULT_POLICY_SET.limits, cvar95Max: 0.01 };
    const thought = (await again(id, { policies: { ...DEFAULT_POLICY_SET, version: 99, limits } }))
      .body as unknown as Recheck;
    expect(thought).toMatchObject({ now: { policySet: 'default@99', verdict: 'fail' } });
    expect(thought.changes.map(({ policy }) => policy)).toContain('cvar-limit');
  });

  it('is refused for a set that is not there, for what was never to be released, and to people of another mandate', async () => {
    expect((await again(id, { version: 77 })).status).toBe(422);
    expect((await again(id, {}, 'bob')).status).toBe(404);
    const waiting = await world.propose('mandate-b', (number += 1));
    await world.taken();
    expect((await again(waiting, {})).body.error?.message).toMatch(/no release .* was ever attempted/);
  });
});

describe('the people behind a model', () => {
  it('do not sign what follows from their version', async () => {
    await trained('by-riley', ['riley', 'service:model-lab']);
    await settled();
    const id = await world.propose('mandate-b', (number += 1), 0.52, { facts: facts('by-riley') });
    await world.taken();
    expect((await world.approve('riley', id)).body.error?.code).toBe('GOVERNANCE.PARTY_CANNOT_DECIDE');
    const { rows } = await admin.query(
      `select person, part from review_party where proposal_id = $1 and part <> 'maker'`,
      [id],
    );
    expect(rows).toEqual([{ person: 'riley', part: 'model-developer' }]);
  });

  it('are known before a review opens: a proposal of an unknown version waits for the registry', async () => {
    const id = await world.propose('mandate-b', (number += 1), 0.52, { facts: facts('late') });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect((await world.call('pat', 'GET', `/reviews/${id}`)).status).toBe(404);
    await trained('late', ['riley']);
    await eventually(async () => expect((await world.call('pat', 'GET', `/reviews/${id}`)).status).toBe(200));
    expect((await world.approve('riley', id)).body.error?.code).toBe('GOVERNANCE.PARTY_CANNOT_DECIDE');
  }, 30_000);
});

describe('the kill switch on a model or a venue', () => {
  it.each([
    [`model:${MODEL}@v2`, 'v2', 'v3'],
    [`model:${MODEL}`, 'v2', undefined],
    ['venue:XNYS', 'v2', undefined],
  ])('%s stops what falls under it, and only that', async (scope, stopped, free) => {
    expect((await press('engagements', 'operator', scope)).status).toBe(200);
    expect(await signed('mandate-b', facts(stopped))).toEqual(['approved', ['kill-switch']]);
    if (free !== undefined) expect((await signed('mandate-b', facts(free)))[0]).toBe('released');
    await settled();
    await arm(scope);
  });

  it('of another model or venue stops nothing', async () => {
    for (const scope of ['model:sentiment', 'venue:XTKS']) {
      await press('engagements', 'operator', scope);
      expect((await signed('mandate-b', facts('v2')))[0]).toBe('released');
      await arm(scope);
    }
  });

  it('reaches what is at work at the order system, which counts what it stopped and what was over', async () => {
    await settled();
    const [status] = await signed('mandate-a', facts('v3'));
    expect(status).toBe('released');
    await settled();
    const { rows: before } = await admin.query<{ status: string }>(
      `select status from review where mandate_id = 'mandate-a' and instruction_id is not null order by opened_at`,
    );
    expect(before.at(-1)?.status).toBe('acknowledged');
    await press('engagements', 'operator', `model:${MODEL}@v3`);
    const acknowledged = await eventually(async () => {
      const { rows } = await admin.query<{ record: string }>(
        `select record from audit_record where action = 'kill.acknowledged' order by sequence`,
      );
      const bodies = rows.map(
        ({ record }) => (JSON.parse(record) as { body: { scope: string; mandateId: string } }).body,
      );
      const own = bodies.filter(({ scope, mandateId }) => scope === `model:${MODEL}@v3` && mandateId === 'mandate-a');
      expect(own).toHaveLength(1);
      return own[0];
    });
    // the first instruction of the mandate was of another version: it counts neither as reached nor as over
    expect(acknowledged).toMatchObject({ affected: 1, notAffected: 0 });
    await eventually(async () => {
      const { rows } = await admin.query<{ status: string }>(
        `select status from review where mandate_id = 'mandate-a' and instruction_id is not null order by opened_at`,
      );
      expect(rows.at(-1)?.status).toBe('refused-by-order-system');
    });
    await arm(`model:${MODEL}@v3`);
  });
});

describe('a suspended version', () => {
  it('lets nothing leave that follows from it, until an approved change takes it into use again', async () => {
    const at = new Date().toISOString();
    await world.publish({
      type: 'ModelSuspended',
      model: MODEL,
      version: 'v1',
      actor: 'riley',
      reason: 'its input is wrong',
      at,
    });
    await settled();
    const id = `mandate-b-proposal-${number + 1}`;
    expect(await signed('mandate-b', facts('v1'))).toEqual(['approved', ['model-suspended']]);
    const { rows } = await admin.query(`select 1 from audit_record where action = 'model.suspended'`);
    expect(rows).toHaveLength(1);
    await world.publish({
      type: 'ModelPromoted',
      model: MODEL,
      alias: 'champion',
      version: 'v1',
      artefact: 'a'.repeat(64),
      reason: 'repaired',
    });
    await settled();
    await world.call('risk', 'POST', `/reviews/${id}/release`);
    expect(await standing(id)).toEqual(['released', []]);
  });
});
