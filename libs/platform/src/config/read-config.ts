import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { InputError } from '@allostat/kernel';

export type Environment = Readonly<Record<string, string | undefined>>;

const FILE_SUFFIX = '_FILE';

/**
 * Reads a service's configuration: one zod schema whose keys are the names of variables. A variable may be given by
 * file, `NAME_FILE=/run/secrets/name`; an empty one counts as unset. Throws `InputError` that names every wrong
 * variable and what it must be, never its value.
 */
export function readConfig<Schema extends z.ZodObject>(schema: Schema, env: Environment): z.infer<Schema> {
  const values: Record<string, string> = {};
  const problems: string[] = [];
  for (const name of Object.keys(schema.shape)) {
    const direct = env[name];
    const file = env[name + FILE_SUFFIX];
    if (direct !== undefined && direct !== '') values[name] = direct;
    if (file === undefined || file === '') continue;
    if (values[name] !== undefined) {
      problems.push(`${name}: is set twice, directly and by ${name}${FILE_SUFFIX}`);
      continue;
    }
    try {
      values[name] = readFileSync(file, 'utf8').trimEnd();
    } catch (error) {
      problems.push(`${name}${FILE_SUFFIX}: its file cannot be read (${(error as NodeJS.ErrnoException).code})`);
    }
  }
  const unreadable = new Set(problems.map((problem) => problem.split(/[:_]FILE|:/)[0]));
  const result = schema.safeParse(values);
  if (!result.success) {
    for (const { path, message, code } of result.error.issues) {
      const name = path.map(String).join('.');
      if (unreadable.has(name)) continue;
      problems.push(`${name}: ${values[name] === undefined && code === 'invalid_type' ? 'is required' : message}`);
    }
  }
  if (problems.length > 0 || !result.success) {
    throw new InputError(
      `the configuration is wrong:\n  ${problems.join('\n  ')}`,
      {},
      'set these variables and start again',
      'CONFIG.INVALID',
    );
  }
  return result.data;
}
