import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { InputError } from '@allostat/kernel';
import { parseImportProfile, type ImportProfile } from '@allostat/pipeline';
import { parse } from 'yaml';
import { z } from 'zod';

const id = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'lower-case letters, digits and dashes');
const source = z.strictObject({
  /** Name of the feed. */
  id,
  universe: z.string().min(1),
  /** `${NAME}` stands for a variable of the environment, here and in headers. */
  url: z.string().regex(/^https?:\/\//, 'must start with http:// or https://'),
  headers: z.record(z.string(), z.string()).default({}),
  /** Import profile, beside this file. */
  profile: z.string().min(1),
  everySeconds: z.int().min(1).max(604_800),
  /** Each day of it closes a bar: one source a universe, which publishes a day whole. */
  closesBars: z.boolean().default(false),
  attempts: z.int().min(1).max(20).default(5),
  backoffMs: z.int().min(1).max(60_000).default(500),
  timeoutMs: z.int().min(100).max(600_000).default(30_000),
});
const document = z.strictObject({ sources: z.array(source).min(1) });

/** A feed that is asked for what is new. */
export interface PolledSource extends Omit<z.infer<typeof source>, 'profile'> {
  readonly profile: ImportProfile;
}

/**
 * The sources of a YAML file, with their profiles and with secrets from `env`. Throws `InputError` with file and field for what is
 * wrong, for a variable that is not set (never its value), and for two sources with the same universe and id.
 */
export function readSources(file: string, env: Readonly<Record<string, string | undefined>>): PolledSource[] {
  const parsed = document.safeParse(parseYaml(file));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const field = issue.path.join('.');
    throw new InputError(`${file}: ${field}: ${issue.message}`, { file, field }, 'see docs/guides/data.md, Polling');
  }
  const seen = new Set<string>();
  return parsed.data.sources.map(({ profile, url, headers, ...rest }, i) => {
    const name = `${rest.universe} ${rest.id}`;
    if (seen.has(name)) throw new InputError(`${file}: two sources are ${name}`, { file, field: `sources.${i}.id` });
    seen.add(name);
    const filled = (text: string, field: string): string =>
      text.replaceAll(/\$\{(\w+)\}/g, (_all, variable: string) => {
        const value = env[variable];
        if (value !== undefined) return value;
        throw new InputError(
          `${file}: source ${rest.id} needs ${variable}, which is not set`,
          { file, field: `sources.${i}.${field}` },
          `set ${variable} in the environment of the service`,
        );
      });
    const profileFile = resolve(dirname(file), profile);
    return {
      ...rest,
      url: filled(url, 'url'),
      headers: Object.fromEntries(Object.entries(headers).map(([key, value]) => [key, filled(value, 'headers')])),
      profile: parseImportProfile(parseYaml(profileFile), profileFile),
    };
  });
}

function parseYaml(file: string): unknown {
  try {
    return parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new InputError(
      `${file} cannot be read: ${(error as Error).message}`,
      { file },
      'check the path and the YAML',
    );
  }
}
