import { DataSource } from 'typeorm';
import { AUDITED_TABLES, governance, GovernanceBook } from '@allostat/governance';
import { People, verifyAudit, type AuditVerification } from '@allostat/platform';
import { GovernanceWorld } from '../security/governance-world';

/** Tables that are no evidence: queues, locks, caches and state that is made again from what is evidence. */
const WORKING_STATE = [
  'aggregate_state',
  'alarm_delivery',
  'audit_checkpoint',
  'audit_cosignature',
  'audit_node',
  'audit_record',
  'cap_reservation',
  'dead_letter',
  'evidence_view', // what a person had seen when he decided stands in his decision
  'held_message',
  'inbox',
  'outbox',
  'running_build',
  'schema_version',
];

let world: GovernanceWorld;
let superuser: DataSource;
const verify = (): Promise<AuditVerification> =>
  world.stage.units.run((unit) => verifyAudit(unit.manager, { book: new GovernanceBook() }));

beforeAll(async () => {
  world = await GovernanceWorld.open({ mandates: ['mandate-a', 'mandate-b'] });
  await act(world);
  const { entities } = governance({ people: new People([]), clock: { now: () => '' }, commandTime: 'wall' });
  superuser = await new DataSource({
    type: 'postgres',
    url: world.postgres.url,
    schema: 'governance',
    entities: [...entities],
  }).initialize();
  await superuser.query('set search_path to governance');
}, 120_000);
afterAll(async () => {
  await superuser.destroy();
  await world.close();
}, 60_000);

/** Something of everything that is kept: signed and released, challenged, rejected, replaced, delegated, stopped. */
async function act(on: GovernanceWorld): Promise<void> {
  const call = async (who: string, method: string, path: string, body: unknown) => {
    const answer = await on.call(who, method, path, body);
    expect([path, answer.status]).toEqual([path, 200]);
    return answer.body;
  };
  const first = await on.propose('mandate-a', 1);
  await on.taken();
  await call('compliance', 'POST', `/reviews/${first}/challenges`, { topic: 'risk', text: 'is the risk right?' });
  const { body } = await on.call('pat', 'GET', `/reviews/${first}`);
  const [{ id }] = body.challenges as { id: string }[];
  await call('researcher', 'POST', `/reviews/${first}/challenges/${id}/answer`, { text: 'it was checked twice' });
  for (const who of ['pat', 'riley']) expect((await on.approve(who, first)).status).toBe(200);
  const second = await on.propose('mandate-a', 2);
  await on.propose('mandate-a', 3, 0.53);
  const third = await on.propose('mandate-b', 1);
  await on.taken();
  expect((await on.call('pat', 'GET', `/reviews/${second}`)).body.status).toBe('superseded');
  const { contentHash } = (await on.call('pat', 'GET', `/reviews/${third}`)).body;
  await call('riley', 'POST', `/reviews/${third}/decisions`, { decision: 'reject', reason: 'not now', contentHash });
  await call('compliance', 'POST', '/drills', {
    mandateId: 'mandate-b',
    fault: 'weights-do-not-sum',
    reason: 'a quarterly drill',
  });
  const [drill] = (await on.call('riley', 'GET', '/reviews?status=waiting')).body as unknown as {
    id: string;
    mandateId: string;
  }[];
  expect(drill.mandateId).toBe('mandate-b');
  await call('riley', 'POST', `/reviews/${drill.id}/challenges`, { topic: 'risk', text: 'the weights do not add up' });
  const fourth = await on.propose('mandate-b', 2);
  await on.taken();
  await call('riley', 'POST', `/reviews/${fourth}/override`, {
    reason: 'closer to the anchor',
    weights: { EQ: 0.505, BOND: 0.495 },
  });
  await call('pat', 'POST', '/delegations', {
    to: 'committee',
    function: 'portfolio-manager',
    mandateId: 'mandate-b',
    validFrom: new Date(Date.now() + 60_000).toISOString(),
    validUntil: new Date(Date.now() + 86_400_000).toISOString(),
    reason: 'away for a day',
  });
  await committee(on, call);
  await reconciliation(on, call);
  await call('pat', 'POST', '/kill-switch/engagements', { scope: 'mandate:mandate-b', reason: 'a drill', drill: true });
}

type Call = (who: string, method: string, path: string, body: unknown) => Promise<Record<string, unknown>>;

/** A committee set up by an approved change after one that was superseded, a meeting of it, and somebody away and back. */
async function committee(on: GovernanceWorld, call: Call): Promise<void> {
  const body = {
    id: 'board',
    version: 1,
    name: 'Board',
    chair: 'riley',
    members: ['riley', 'pat'],
    quorum: 1,
    majority: 'simple',
  };
  const wish = { kind: 'committee', body, reason: 'set up by the board' };
  await call('pat', 'POST', '/changes', wish);
  const { id, contentHash } = await call('operator', 'POST', '/changes', wish);
  for (const who of ['compliance', 'risk']) {
    const decision = { decision: 'approve', reason: 'read and agreed', contentHash };
    await call(who, 'POST', `/changes/${id as string}/decisions`, decision);
  }
  const subject = await on.propose('mandate-a', 4);
  await on.taken();
  const review = (await on.call('riley', 'GET', `/reviews/${subject}`)).body;
  const { meetingId } = await call('pat', 'POST', '/meetings', { committee: 'board', subjects: [subject] });
  const votes = `/meetings/${meetingId as string}/votes`;
  await call('riley', 'POST', votes, { subject, choice: 'for', contentHash: review.contentHash });
  const against = { subject, choice: 'abstain', reason: 'not my field', contentHash: review.contentHash };
  await call('pat', 'POST', votes, against);
  await call('riley', 'POST', `/meetings/${meetingId as string}/minutes`, { text: 'carried without debate' });
  const decision = { decision: 'approve', reason: 'as resolved', contentHash: review.contentHash };
  await call('committee', 'POST', `/reviews/${subject}/decisions`, decision);
  const away = (deputy: string) => ({
    deputy,
    validFrom: new Date(Date.now() + 60_000).toISOString(),
    validUntil: new Date(Date.now() + 86_400_000).toISOString(),
    reason: 'away for a day',
  });
  await call('riley', 'POST', '/absences', away('risk'));
  const { id: absence } = await call('pat', 'POST', '/absences', away('committee'));
  await call('pat', 'DELETE', `/absences/${absence as string}`, undefined);
}

/** Books that are asked for and reported, one of them wrong, and an alarm that somebody takes in hand. */
async function reconciliation(on: GovernanceWorld, call: Call): Promise<void> {
  for (const mandateId of ['mandate-a', 'mandate-b']) {
    const [{ requestId }] = (await call('risk', 'POST', '/reconciliations', { mandateId })) as unknown as {
      requestId: string;
    }[];
    const lines = [{ sequence: 9, instructionId: 'i-9', status: 'done' as const }];
    await on.publish({ type: 'BookReported', requestId, mandateId, at: new Date().toISOString(), lines });
  }
  await on.taken();
  const [alarm] = (await on.call('risk', 'GET', '/alarms')).body as unknown as { alarmId: string }[];
  await call('risk', 'POST', `/alarms/${alarm.alarmId}/acknowledgement`, { reason: 'the desk is asked' });
}

it('untouched tables are as the log tells', async () => {
  expect(await verify()).toMatchObject({ verified: true });
  for (const { name } of AUDITED_TABLES) {
    const [{ count }] = await superuser.query<{ count: string }[]>(`select count(*) from ${name}`);
    expect([name, Number(count)]).toEqual([name, expect.any(Number)]);
    expect(Number(count)).toBeGreaterThan(0);
  }
});

it('every table of the schema is audited or known to be working state', async () => {
  const rows = await superuser.query<{ name: string }[]>(
    `select table_name as name from information_schema.tables where table_schema = 'governance'`,
  );
  const audited = AUDITED_TABLES.map(({ name }) => name);
  expect(rows.map(({ name }) => name).sort()).toEqual([...audited, ...WORKING_STATE].sort());
});

describe('what a superuser does to an audited table', () => {
  /** Runs statements on the tables without their rules, asks the verifier, and takes them back. */
  const after = async (...statements: string[]): Promise<AuditVerification> => {
    const runner = superuser.createQueryRunner();
    await runner.connect();
    await runner.query('set search_path to governance');
    await runner.query('begin; set local session_replication_role = replica');
    try {
      for (const statement of statements) await runner.query(statement);
      return await verifyAudit(runner.manager, { book: new GovernanceBook() });
    } finally {
      await runner.query('rollback');
      await runner.release();
    }
  };

  it.each(AUDITED_TABLES.map(({ name }) => name))('%s: a change of any column of any row is named', async (table) => {
    const columns = await superuser.query<{ column: string; type: string }[]>(
      `select column_name as column, data_type as type from information_schema.columns
       where table_schema = 'governance' and table_name = $1`,
      [table],
    );
    const rules = await superuser.query<{ rule: string }[]>(
      `select conname as rule from pg_constraint where conrelid = $1::regclass and contype in ('c', 'f')`,
      [`governance.${table}`],
    );
    const [{ last }] = await superuser.query<{ last: string }[]>(`select max(ctid)::text as last from ${table}`);
    for (const { column, type } of columns) {
      const { verified, firstBad } = await after(
        ...rules.map(({ rule }) => `alter table ${table} drop constraint ${rule} cascade`),
        `alter table ${table} alter column ${column} drop identity if exists`,
        `update ${table} set ${column} = ${CHANGED[type](column)} where ctid = '${last}'`,
      );
      expect([column, verified]).toEqual([column, false]);
      expect([column, firstBad?.reason]).toEqual([column, expect.stringContaining(`${table} `)]);
    }
  });

  it.each(AUDITED_TABLES)('$name: a row that is gone, and one that nobody wrote, are named', async ({ name, key }) => {
    const gone = await after(`delete from ${name} where ctid = (select min(ctid) from ${name})`);
    expect(gone.firstBad?.reason).toMatch(new RegExp(`^${name} .*: the row is missing$`));
    const [id] = key;
    const forged = id === 'sequence' || name === 'kill_entry' ? '4711' : `'forged'`;
    const columns = await superuser.query<{ column: string }[]>(
      `select column_name as column from information_schema.columns where table_schema = 'governance' and table_name = $1`,
      [name],
    );
    const others = columns.map(({ column }) => column).filter((column) => column !== id);
    const unique = await superuser.query<{ rule: string }[]>(
      `select conname as rule from pg_constraint where conrelid = $1::regclass and contype in ('u', 'c')`,
      [`governance.${name}`],
    );
    const added = await after(
      ...unique.map(({ rule }) => `alter table ${name} drop constraint ${rule} cascade`),
      'drop index if exists review_one_open_per_subject, alarm_is_raised_once, alarm_is_acknowledged_once',
      `insert into ${name} (${id}, ${others.join(', ')}) overriding system value
       select ${forged}, ${others.join(', ')} from ${name} limit 1`,
    );
    expect(added.firstBad).toEqual({
      sequence: 0,
      reason: expect.stringMatching(/no record of the log tells of this row/),
    });
  });
});

const CHANGED: Record<string, (column: string) => string> = {
  text: (column) => `coalesce(${column}, '') || 'x'`,
  integer: (column) => `${column} + 1`,
  bigint: (column) => `${column} + 1000`,
  boolean: (column) => `not ${column}`,
  jsonb: () => `'{"forged": true}'::jsonb`,
  'timestamp with time zone': (column) => `coalesce(${column}, now()) + interval '1 second'`,
};
