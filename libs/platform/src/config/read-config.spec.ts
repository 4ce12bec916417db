import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { readConfig } from './read-config';

const schema = z.object({
  DATABASE_URL: z.url(),
  PORT: z.coerce.number().int().min(1).max(65535).default(8080),
  TOKEN: z.string().min(8),
});
const attempt = (env: Record<string, string>): string => {
  try {
    readConfig(schema, env);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
};

describe('readConfig', () => {
  let folder: string;
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'allostat-config-'))));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  it('gives typed values, with defaults for what is unset or empty', () => {
    const env = { DATABASE_URL: 'postgres://u@h/d', TOKEN: 'long-enough', PORT: '' };
    expect(readConfig(schema, env)).toEqual({ DATABASE_URL: 'postgres://u@h/d', TOKEN: 'long-enough', PORT: 8080 });
  });

  it('reads a secret from a file, without its last line end', () => {
    const env = { DATABASE_URL: 'postgres://u@h/d', TOKEN_FILE: file('token', 'from-a-file\n') };
    expect(readConfig(schema, env).TOKEN).toBe('from-a-file');
  });

  it('names every wrong variable at once and never a value', () => {
    const message = attempt({ PORT: '70000', TOKEN: 'hunter2' });
    expect(message).toMatch(/DATABASE_URL: is required/);
    expect(message).toMatch(/PORT: /);
    expect(message).toMatch(/TOKEN: /);
    expect(message).not.toMatch(/hunter2|70000/);
  });

  it('says when a secret is given twice or its file is missing', () => {
    const url = 'postgres://u@h/d';
    expect(attempt({ DATABASE_URL: url, TOKEN: 'long-enough', TOKEN_FILE: file('t2', 'x') })).toMatch(/set twice/);
    const missing = attempt({ DATABASE_URL: url, TOKEN_FILE: join(folder, 'nothing') });
    expect(missing).toMatch(/TOKEN_FILE: its file cannot be read \(ENOENT\)/);
    expect(missing).not.toMatch(/is required/);
  });
});
