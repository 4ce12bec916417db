import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from 'pg';
import { GovernanceBook } from '@allostat/governance';
import { formatVerifierKey, parseNote } from '@allostat/kernel';
import {
  appendAudit,
  SigningKey,
  logVerifierKey,
  publishCheckpoint,
  readRotations,
  rotateKey,
  verifyAudit,
  type AuditLogIdentity,
} from '@allostat/platform';
import { GovernanceWorld } from '../security/governance-world';

const folder = mkdtempSync(join(tmpdir(), 'allostat-keys-'));
const named = (name: string): AuditLogIdentity => ({
  origin: 'allostat/keys',
  key: SigningKey.ensureFile(join(folder, `${name}.pem`)),
});
const [first, second, third, stranger] = ['first', 'second', 'third', 'stranger'].map(named);
const now = '2024-02-01T09:00:00.000Z';
const by = { at: now, actor: 'olga', reason: 'the yearly change' };
let world: GovernanceWorld;
let admin: Client;

const record = () =>
  world.stage.units.run(async (unit) =>
    appendAudit(unit, [
      { type: 'AuditRecord', at: now, actor: 'pat', action: 'test.noted', subject: 'test:keys', body: {} },
    ]),
  );
const sign = (identity: AuditLogIdentity) =>
  publishCheckpoint(world.stage.units, identity, { service: 'governance', now });
const rotate = (from: AuditLogIdentity, to: AuditLogIdentity) =>
  world.stage.units.run((unit) => rotateKey(unit.manager, from, to.key, by));
const verified = (trusted: AuditLogIdentity) =>
  world.stage.units.run((unit) =>
    verifyAudit(unit.manager, { book: new GovernanceBook(), logKey: logVerifierKey(trusted) }),
  );

beforeAll(async () => {
  world = await GovernanceWorld.open({ mandates: [] });
  admin = await world.connect('administrator');
  await record();
  await sign(first);
  await rotate(first, second);
  await record();
  await sign(second);
  await rotate(second, third);
  await record();
  await sign(third);
}, 120_000);
afterAll(async () => {
  await admin.end();
  await world.close();
  rmSync(folder, { recursive: true });
}, 60_000);

it('whoever trusts any of the keys that a log had can verify all of it, and a stranger to it none', async () => {
  for (const identity of [first, second, third]) {
    expect(await verified(identity)).toMatchObject({ verified: true, checkpoints: 5 });
  }
  expect(await verified(stranger)).toMatchObject({
    verified: false,
    firstBad: { reason: expect.stringContaining('not signed by the log') },
  });
});

it('the log tells of every change, under both signatures', async () => {
  const rotations = await world.stage.units.run((unit) => readRotations(unit.manager, first.origin));
  const key = (identity: AuditLogIdentity) => formatVerifierKey(logVerifierKey(identity));
  expect(rotations.map(({ from, to }) => [formatVerifierKey(from), formatVerifierKey(to)])).toEqual([
    [key(first), key(second)],
    [key(second), key(third)],
  ]);
  const { rows } = await admin.query<{ note: string }>('select note from audit_checkpoint where size = $1', [
    rotations[0].sequence,
  ]);
  expect(parseNote(rows[0].note)?.signatures).toHaveLength(2);
});

it('a key that was given up signs nothing any more, nor does it hand on, and the same change again changes nothing', async () => {
  await record();
  for (const identity of [first, second, stranger]) {
    await expect(sign(identity)).rejects.toMatchObject({ code: 'AUDIT.KEY_NOT_IN_FORCE' });
    await expect(rotate(identity, stranger)).rejects.toMatchObject({ code: 'AUDIT.KEY_NOT_IN_FORCE' });
  }
  expect(await rotate(second, third)).toBe(false);
  expect(await verified(first)).toMatchObject({ verified: true });
});

describe('what a superuser does to the change of a key', () => {
  const after = async (statement: string, values: unknown[] = []) => {
    await admin.query('begin; set local session_replication_role = replica');
    const changed = (await admin.query(statement, values)).rowCount;
    await admin.query('commit');
    return changed;
  };

  it('is named: the checkpoint that vouches for it without one of its signatures, or gone', async () => {
    const [{ sequence }] = await world.stage.units.run((unit) => readRotations(unit.manager, first.origin));
    const { rows } = await admin.query<{ note: string }>('select note from audit_checkpoint where size = $1', [
      sequence,
    ]);
    const [{ note }] = rows;
    const lines = note.split('\n');
    for (const dropped of [4, 5]) {
      const shorter = lines.filter((_, i) => i !== dropped).join('\n');
      expect(await after('update audit_checkpoint set note = $1 where size = $2', [shorter, sequence])).toBe(1);
      expect(await verified(third)).toMatchObject({
        verified: false,
        firstBad: { sequence, reason: expect.stringContaining('not signed by the log') },
      });
    }
    await after('update audit_checkpoint set note = $1 where size = $2', [note, sequence]);
    expect(await verified(third)).toMatchObject({ verified: true });
    await after('create temp table kept as select * from audit_checkpoint where size = ' + sequence);
    await after('delete from audit_checkpoint where size = $1', [sequence]);
    expect(await verified(third)).toMatchObject({
      verified: false,
      firstBad: { sequence, reason: expect.stringContaining('vouches for the change of key') },
    });
    await after('insert into audit_checkpoint table kept');
  });
});
