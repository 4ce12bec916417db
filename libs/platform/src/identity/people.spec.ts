import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireUniverse } from './may-see-universe';
import { People } from './people';
import { factsOf, peopleChange } from './people-change';
import { pseudonymOf, pseudonymous } from './people-file';
import { SIGN_IN_CONFIG, signInFrom } from './sign-in-config';

const tokenSha256 = createHash('sha256').update('secret').digest('hex');
const folder = mkdtempSync(join(tmpdir(), 'allostat-people-'));
const fileOf = (people: unknown): string => {
  const file = join(folder, 'people.json');
  writeFileSync(file, JSON.stringify(people));
  return file;
};
afterAll(() => rmSync(folder, { recursive: true }));

describe('People', () => {
  it('knows a caller by the hash of the token, and nobody who has none', () => {
    const people = People.fromFile(
      fileOf([
        { id: 'riley', name: 'Riley', roles: ['risk'], tokenSha256 },
        { id: 'sam', name: 'Sam', roles: ['risk'] },
      ]),
    );
    expect(people.authenticate('Bearer secret').id).toBe('riley');
    for (const header of [undefined, 'Bearer ', 'Bearer other', 'Basic secret'])
      expect(() => people.authenticate(header)).toThrow(/missing or not known/);
  });

  it('knows a person by every name he had, and gives a name to nobody else', () => {
    const sam = { id: 'sam', name: 'Sam', roles: ['risk'], formerIds: ['samantha'] };
    expect(People.fromFile(fileOf([sam])).bySubject('samantha')?.id).toBe('sam');
    expect(() => People.fromFile(fileOf([sam, { id: 'samantha', name: 'S', roles: ['risk'] }]))).toThrow(
      /samantha belongs to sam and to samantha/,
    );
  });

  it('knows nobody without a file, and names the entry of a file that is wrong', () => {
    expect(() => People.fromFile(undefined).authenticate('Bearer secret')).toThrow(/missing or not known/);
    expect(() => People.fromFile(fileOf([{ id: 'x', name: 'X', roles: ['owner'] }]))).toThrow(/0\.roles\.0/);
  });
});

describe('a people file that changes', () => {
  const riley = { id: 'riley', name: 'Riley', roles: ['risk'], tokenSha256 };
  const sam = { id: 'sam', name: 'Sam', roles: ['risk'] };

  it('is in force as a whole, or not at all, and only after the ledger was told', async () => {
    const people = People.fromFile(fileOf([riley]));
    const told: string[] = [];
    let refuses = false;
    await people.keepIn({
      changed: async (entries) => {
        if (refuses) throw new Error('the database is away');
        told.push(`${entries.map(({ id }) => id).join()} while sam is ${people.bySubject('sam')?.id}`);
      },
      broken: async (error) => void told.push(`broken: ${(error as Error).message.replace(/^.*json: /, '')}`),
    });
    fileOf([riley, sam]);
    await people.refresh();
    expect(people.bySubject('sam')?.id).toBe('sam');
    for (const wrong of [[riley, { id: 'sam', roles: ['owner'] }], [riley, riley], 'none']) {
      fileOf(wrong);
      await expect(people.refresh()).rejects.toThrow(/1\.name|belongs to|list of people/);
    }
    writeFileSync(join(folder, 'people.json'), '[{"id": "ril');
    await expect(people.refresh()).rejects.toThrow(/not JSON/);
    rmSync(join(folder, 'people.json'));
    await expect(people.refresh()).rejects.toThrow(/ENOENT/);
    refuses = true;
    fileOf([sam]);
    await expect(people.refresh()).rejects.toThrow(/database is away/);
    expect(people.authenticate('Bearer secret').id).toBe('riley');
    refuses = false;
    await people.refresh();
    expect(() => people.authenticate('Bearer secret')).toThrow(/missing or not known/);
    expect(told.filter((each) => !each.startsWith('broken'))).toEqual([
      'riley while sam is undefined',
      'riley,sam while sam is undefined',
      'sam while sam is sam',
    ]);
    expect(told.filter((each) => each.startsWith('broken'))).toHaveLength(5);
  });

  it('names who came, went and may do something else, by what records may say', () => {
    const before = factsOf([
      { ...riley, roles: ['risk'] },
      { ...sam, roles: ['risk'] },
    ]);
    const quinn = pseudonymous({ subject: 'quinn@example.com', name: 'Quinn', roles: ['committee'], mandates: ['m'] });
    const after = factsOf([{ id: 'sam', erasedAt: '2026-01-31' }, quinn, { ...riley, roles: ['committee'] }]);
    const change = peopleChange(before, after);
    expect(change).toEqual({
      added: [{ id: quinn.id, roles: ['committee'], mandates: ['m'], local: false }],
      removed: ['sam'],
      changed: [{ id: 'riley', roles: ['committee'], local: true }],
    });
    expect(JSON.stringify(change)).not.toMatch(/quinn|Riley|Samantha/);
    expect(peopleChange(after, after)).toBeUndefined();
  });
});

describe('a person under a pseudonym', () => {
  const quinn = pseudonymous({ subject: 'quinn@example.com', name: 'Quinn', roles: ['committee'] });

  it('signs in by the subject and is called by a salted hash of it, another one each time', () => {
    expect(new People([quinn]).bySubject('quinn@example.com')?.id).toBe(quinn.id);
    expect(quinn.id).toMatch(/^p-[0-9a-f]{16}$/);
    expect(quinn.id).toBe(pseudonymOf('quinn@example.com', quinn.salt ?? ''));
    const again = pseudonymous({ subject: 'quinn@example.com', name: 'Quinn', roles: ['committee'] });
    expect(again.id).not.toBe(quinn.id);
    expect(() => new People([quinn, { id: 'x', name: 'X', roles: ['risk'], subject: 'quinn@example.com' }])).toThrow(
      /quinn@example.com belongs to/,
    );
  });

  it('is gone when erased: nobody signs in, nothing tells who it was, and nobody else gets the id', () => {
    const file = fileOf([{ id: quinn.id, erasedAt: '2026-01-31' }]);
    expect(People.fromFile(file).bySubject('quinn@example.com')).toBeUndefined();
    expect(People.fromFile(file).bySubject(quinn.id)).toBeUndefined();
    expect(() => new People([{ id: quinn.id, erasedAt: '2026-01-31' }, quinn])).toThrow(/belongs to/);
    expect(() => People.fromFile(fileOf([{ id: quinn.id, erasedAt: '2026-01-31', name: 'Quinn' }]))).toThrow(/name/);
  });
});

it('a universe that a person may not see is not there for him', () => {
  expect(() => requireUniverse({ universes: ['us'] }, 'us')).not.toThrow();
  expect(() => requireUniverse({}, 'us')).not.toThrow();
  expect(() => requireUniverse({ universes: ['us'] }, 'eu')).toThrow(/there is no universe eu/);
});

describe('sign-in from the environment', () => {
  const from = (environment: Record<string, string>) => signInFrom(SIGN_IN_CONFIG.parse(environment));

  it('takes local accounts without a provider, and the provider when it is named', () => {
    expect(from({}).provider).toBeUndefined();
    const named = from({ OIDC_ISSUER: 'https://id.example', OIDC_KEYS_URL: 'https://id.example/keys' });
    expect(named.provider).toMatchObject({ issuer: 'https://id.example', audience: 'allostat' });
  });

  it('refuses a provider that is named by half: local accounts would stay open unnoticed', () => {
    expect(() => from({ OIDC_ISSUER: 'https://id.example' })).toThrow(/OIDC_KEYS_URL is missing/);
    expect(() => from({ OIDC_KEYS_URL: 'https://id.example/keys' })).toThrow(/OIDC_ISSUER is missing/);
  });
});
