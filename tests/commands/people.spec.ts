import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allostat } from '../line/line-processes';

const home = mkdtempSync(join(tmpdir(), 'allostat-people-'));
afterAll(() => rmSync(home, { recursive: true }));

async function people<T>(...args: string[]): Promise<{ code: number; result: T & { error?: { message: string } } }> {
  const { code, stdout } = await allostat(['people', ...args, '--json'], { ALLOSTAT_HOME: home });
  return { code: code ?? -1, result: JSON.parse(stdout) as T & { error?: { message: string } } };
}

it('adds a person under a salted hash, tells the token once, and erases all but the id', async () => {
  const quinn = ['--subject', 'quinn@example.com', '--name', 'Quinn', '--role', 'committee'];
  const added = await people<{ id: string; token: string }>('add', ...quinn, '--local');
  const { id, token } = added.result;
  expect(added.code).toBe(0);
  expect(id).toMatch(/^p-[0-9a-f]{16}$/);
  const onFile = () => readFileSync(join(home, 'people.json'), 'utf8');
  expect(onFile()).toContain('quinn@example.com');
  expect(onFile()).not.toContain(token);

  const again = await people('add', ...quinn);
  expect(again).toMatchObject({ code: 2, result: { error: { message: expect.stringContaining('belongs to') } } });

  expect((await people('erase', id)).code).toBe(0);
  expect(onFile()).not.toMatch(/quinn/i);
  const listed = await people<{ people: { id: string }[] }>('list');
  expect(listed.result.people.at(-1)).toEqual({ id, erasedAt: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) });
  expect((await people('erase', id)).result.error?.message).toMatch(/was erased on/);
}, 60_000);

it('refuses a role that there is not, and says which there are', async () => {
  const { code, result } = await people('add', '--subject', 'x', '--name', 'X', '--role', 'king');
  expect(code).toBe(2);
  expect(result.error?.message).toBe('there is no role king');
}, 60_000);
