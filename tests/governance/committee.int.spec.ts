import type { Client } from 'pg';
import type { Committee, Meeting } from '@allostat/pipeline';
import { GovernanceWorld } from '../security/governance-world';

let world: GovernanceWorld;
let service: Client;
let number = 0;

beforeAll(async () => {
  world = await GovernanceWorld.open({ mandates: ['mandate-a', 'mandate-b'] });
  service = await world.connect('service');
}, 120_000);
afterAll(async () => {
  await service.end();
  await world.close();
}, 60_000);

const post = (who: string, path: string, body: object) => world.call(who, 'POST', path, body);
const proposed = async (mandateId = 'mandate-a'): Promise<{ id: string; contentHash: string }> => {
  const id = await world.propose(mandateId, (number += 1));
  await world.taken();
  const { body } = await world.call('pat', 'GET', `/reviews/${id}`);
  return { id, contentHash: body.contentHash as string };
};
const committee = (change: Partial<Committee> = {}): Committee => ({
  id: 'investment',
  version: 1,
  name: 'Investment committee',
  chair: 'committee',
  members: ['committee', 'riley', 'compliance'],
  quorum: 2,
  majority: 'simple',
  mandates: ['mandate-a'],
  ...change,
});
const change = (who: string, kind: string, body: object) =>
  post(who, '/changes', { kind, body, reason: 'the board asked for it' });
const approveChange = async (who: string, id: string) => {
  const { body } = await world.call(who, 'GET', `/changes/${id}`);
  const { contentHash } = body;
  return post(who, `/changes/${id}/decisions`, { decision: 'approve', reason: 'read and agreed', contentHash });
};
const signAs = (who: string, id: string, contentHash: string, rest: object = {}) =>
  post(who, `/reviews/${id}/decisions`, { decision: 'approve', reason: 'as resolved', contentHash, ...rest });

describe('a committee', () => {
  it('comes into being by an approved change, and names people who are there', async () => {
    expect(
      (await change('pat', 'committee', committee({ members: ['committee', 'nobody-here'] }))).body.error?.message,
    ).toMatch(/nobody called nobody-here/);
    const { body } = await change('pat', 'committee', committee());
    await approveChange('compliance', body.id as string);
    expect((await approveChange('riley', body.id as string)).body).toMatchObject({ status: 'approved' });
    expect((await world.call('pat', 'GET', '/versions/committee/investment')).body).toMatchObject([{ version: 1 }]);
  });

  it('signs only what a meeting of it has carried, and the signature names the meeting', async () => {
    const { id, contentHash } = await proposed();
    expect((await signAs('committee', id, contentHash)).body.error?.code).toBe('GOVERNANCE.RESOLUTION_MISSING');
    const convened = (await post('compliance', '/meetings', { committee: 'investment', subjects: [id] })).body;
    const meeting = convened.meetingId as string;
    const vote = (who: string, choice: string, rest: object = {}) =>
      post(who, `/meetings/${meeting}/votes`, { subject: id, choice, contentHash, ...rest });
    expect((await vote('pat', 'for')).body.error?.code).toBe('GOVERNANCE.NOT_A_MEMBER');
    expect((await vote('compliance', 'against')).body.error?.code).toBe('GOVERNANCE.REASON_MISSING');
    expect((await vote('compliance', 'abstain', { reason: 'not my field' })).status).toBe(200);
    // two at once: one counts
    const twice = await Promise.all([vote('committee', 'for'), vote('committee', 'for')]);
    expect(twice.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect((await signAs('committee', id, contentHash)).body.error?.code).toBe('GOVERNANCE.RESOLUTION_MISSING');

    const minutes = {
      text: 'discussed the shift into equities',
      followUps: [{ what: 'look at costs', who: 'pat', due: '2030-01-01' }],
    };
    const closed = (await post('committee', `/meetings/${meeting}/minutes`, minutes)).body as unknown as Meeting;
    expect(closed.minutes).toMatchObject({
      results: [{ subject: id, contentHash, for: 1, against: 0, abstained: 1, absent: ['riley'], carried: true }],
    });
    expect((await vote('riley', 'for')).body.error?.code).toBe('GOVERNANCE.MEETING_CLOSED');
    expect((await signAs('committee', id, contentHash)).body).toMatchObject({
      decisions: [{ resolutions: [meeting] }],
    });
    expect((await signAs('pat', id, contentHash)).body).toMatchObject({ status: 'released' });

    const { rows } = await service.query<{ record: string }>(
      `select record from audit_record where action like 'meeting.%' order by sequence`,
    );
    const records = rows.map(({ record }) => JSON.parse(record) as { action: string; body: { meetingId: string } });
    expect(records.map(({ action }) => action)).toEqual([
      'meeting.convened',
      'meeting.vote',
      'meeting.vote',
      'meeting.minutes',
    ]);
    expect(records.every(({ body }) => body.meetingId === meeting)).toBe(true);
  });

  it('is not in the way of a mandate that is not its own', async () => {
    const { id, contentHash } = await proposed('mandate-b');
    expect((await post('pat', '/meetings', { committee: 'investment', subjects: [id] })).body.error?.code).toBe(
      'GOVERNANCE.NOT_THE_COMMITTEE',
    );
    expect((await signAs('committee', id, contentHash)).status).toBe(200);
  });

  it('is not seen by people of another mandate', async () => {
    const { body } = await world.call('riley', 'GET', '/meetings');
    const [meeting] = body as unknown as Meeting[];
    expect((await world.call('bob', 'GET', `/meetings/${meeting.meetingId}`)).status).toBe(404);
    expect((await world.call('bob', 'GET', '/meetings')).body).toEqual([]);
    const { id } = await proposed();
    expect((await post('bob', '/meetings', { committee: 'investment', subjects: [id] })).status).toBe(404);
  });

  it('the database keeps the records as they are, and takes no vote out of order', async () => {
    for (const table of ['committee_vote', 'committee_minutes', 'committee_meeting', 'absence']) {
      await expect(service.query(`delete from ${table}`)).rejects.toThrow(/permission denied/);
    }
    await expect(service.query(`update committee_vote set choice = 'for'`)).rejects.toThrow(/permission denied/);
    await expect(service.query('update committee_meeting set meeting_id = meeting_id')).rejects.toThrow(
      /never changed/,
    );
    const insert = (choice: string, reason: string | null, hash = 'content_hash') =>
      service.query(
        `insert into committee_vote select m.meeting_id, r.proposal_id, 'zoe', 'zoe', $1, $2, ${hash}, now()
         from committee_meeting m, review r where r.proposal_id = m.items -> 0 ->> 'subject' and not exists
         (select 1 from committee_minutes x where x.meeting_id = m.meeting_id) limit 1`,
        [choice, reason],
      );
    const { id } = await proposed();
    await post('pat', '/meetings', { committee: 'investment', subjects: [id] });
    await expect(insert('against', null)).rejects.toThrow(/dissent_has_a_reason/);
    await expect(insert('for', null, `repeat('f', 64)`)).rejects.toThrow(/on other content/);
    await service.query(`insert into review_party values ($1, 'zoe', 'editor')`, [id]);
    await expect(insert('for', null)).rejects.toThrow(/had a hand in/);
    const late = `insert into committee_vote select meeting_id, results -> 0 ->> 'subject', 'zoe', 'zoe', 'for', null,
      results -> 0 ->> 'contentHash', now() from committee_minutes limit 1`;
    await expect(service.query(late)).rejects.toThrow(/is closed/);
  });
});

describe('an absence', () => {
  const soon = () => ({
    validFrom: new Date(Date.now() + 50).toISOString(),
    validUntil: new Date(Date.now() + 86_400_000).toISOString(),
  });
  const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

  it('keeps the absent from signing, lets the deputy sign for him, and ends with his return', async () => {
    const declared = await post('riley', '/absences', { deputy: 'compliance', reason: 'on leave', ...soon() });
    expect(declared.body).toMatchObject({ person: 'riley', deputy: 'compliance', declaredBy: 'riley' });
    await wait(80);
    const { id, contentHash } = await proposed();
    expect((await signAs('riley', id, contentHash)).body.error?.code).toBe('GOVERNANCE.ABSENT');
    const deputised = { onBehalfOf: 'riley', function: 'risk' };
    // the right to decide comes with the role: a deputy needs one of the deciding roles himself
    expect((await signAs('compliance', id, contentHash, deputised)).status).toBe(403);
    expect((await world.call('riley', 'DELETE', `/absences/${declared.body.id as string}`)).status).toBe(200);
    expect((await signAs('riley', id, contentHash)).status).toBe(200);
    const { rows } = await service.query('select 1 from delegation where from_person = $1 and revoked_at is not null', [
      'riley',
    ]);
    expect(rows).toHaveLength(1);
  });

  it('gives the deputy the roles of the absent for as long', async () => {
    const { body } = await post('operator', '/absences', {
      person: 'riley',
      deputy: 'pat',
      reason: 'ill in bed',
      ...soon(),
    });
    await wait(80);
    const { id, contentHash } = await proposed();
    const signed = await signAs('pat', id, contentHash, { onBehalfOf: 'riley', function: 'risk' });
    expect(signed.body).toMatchObject({ decisions: [{ actor: 'pat', onBehalfOf: 'riley', function: 'risk' }] });
    expect((await signAs('pat', id, contentHash)).body.error?.code).toBe('GOVERNANCE.ALREADY_DECIDED');
    expect((await world.call('pat', 'DELETE', `/absences/${body.id as string}`)).status).toBe(403);
    expect((await world.call('operator', 'DELETE', `/absences/${body.id as string}`)).status).toBe(200);
    expect((await signAs('pat', id, contentHash, { onBehalfOf: 'riley', function: 'risk' })).status).toBe(403);
  });

  it('of somebody else is not for everybody to declare, nor to profit from', async () => {
    const other = { person: 'riley', reason: 'ill in bed', ...soon() };
    expect((await post('pat', '/absences', other)).status).toBe(403);
    expect((await post('operator', '/absences', { ...other, deputy: 'operator' })).body.error?.code).toBe(
      'GOVERNANCE.ABSENCE_REFUSED',
    );
    expect((await post('operator', '/absences', { ...other, deputy: 'nobody-here' })).status).toBe(422);
  });
});
