import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callerWith } from './authenticator';
import { BearerTokens } from './bearer-tokens';

const tokenSha256 = createHash('sha256').update('secret').digest('hex');
const folder = mkdtempSync(join(tmpdir(), 'allostat-people-'));
const fileOf = (people: unknown): string => {
  const file = join(folder, 'people.json');
  writeFileSync(file, JSON.stringify(people));
  return file;
};
afterAll(() => rmSync(folder, { recursive: true }));

describe('BearerTokens', () => {
  it('knows a caller by the hash of the token, and nobody who has none', () => {
    const people = BearerTokens.fromFile(
      fileOf([
        { id: 'riley', name: 'Riley', roles: ['risk'], tokenSha256 },
        { id: 'sam', roles: ['risk'] },
      ]),
    );
    expect(people.authenticate('Bearer secret').id).toBe('riley');
    for (const header of [undefined, 'Bearer ', 'Bearer other', 'Basic secret'])
      expect(() => people.authenticate(header)).toThrow(/missing or not known/);
    expect(() => callerWith(people, 'Bearer secret', ['operator'])).toThrow(/one of operator is needed/);
  });

  it('knows nobody without a file, and names the entry of a file that is wrong', () => {
    expect(() => BearerTokens.fromFile(undefined).authenticate('Bearer secret')).toThrow(/missing or not known/);
    expect(() => BearerTokens.fromFile(fileOf([{ id: 'x', roles: [], tokenSha256 }]))).toThrow(/0\.roles/);
  });
});
