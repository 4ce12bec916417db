import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { InputError } from '@allostat/kernel';
import { checkYaml, parseImportProfile, type ImportProfile } from '@allostat/pipeline';
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
 * The sources of a YAML file, with their profiles and with secrets from `env`. Throws `InputError` with file, line, field and what is
 * allowed for what is wrong, for a variable that is not set (never its value), for a profile that cannot be read, for two sources with the
 * same universe and id, and for two that close the bars of one universe.
 */
export function readSources(file: string, env: Readonly<Record<string, string | undefined>>): PolledSource[] {
  const { value, fault } = checkYaml(readText(file), file, document);
  const seen = new Set<string>();
  const closers = new Set<string>();
  return value.sources.map(({ profile, url, headers, ...rest }, i) => {
    const at = (field: string): string[] => ['sources', String(i), field];
    const name = `${rest.universe} ${rest.id}`;
    if (seen.has(name))
      throw fault(at('id'), `two sources are ${name}`, 'give each source of a universe an id of its own');
    seen.add(name);
    if (rest.closesBars && closers.has(rest.universe))
      throw fault(at('closesBars'), `two sources close the bars of ${rest.universe}`, 'leave it to one of them');
    if (rest.closesBars) closers.add(rest.universe);
    const filled = (text: string, field: string): string =>
      text.replaceAll(/\$\{(\w+)\}/g, (_all, variable: string) => {
        const secret = env[variable];
        if (secret !== undefined) return secret;
        throw fault(
          at(field),
          `source ${rest.id} needs ${variable}, which is not set`,
          `set ${variable} in the environment of the service`,
        );
      });
    return {
      ...rest,
      url: filled(url, 'url'),
      headers: Object.fromEntries(Object.entries(headers).map(([key, text]) => [key, filled(text, 'headers')])),
      profile: readProfile(resolve(dirname(file), profile), (message) => fault(at('profile'), message)),
    };
  });
}

/** The variable that names the file of sources, as the sources themselves: a wrong file is a wrong configuration, before anything starts. */
export const SOURCES_CONFIG = z.object({
  SIGNAL_SOURCES_FILE: z
    .string()
    .min(1)
    .transform((file, context) => {
      try {
        return readSources(file, process.env);
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        context.addIssue(error.hint === undefined ? error.message : `${error.message}; ${error.hint}`);
        return z.NEVER;
      }
    })
    .optional(),
});

function readProfile(file: string, fault: (message: string) => InputError): ImportProfile {
  try {
    return parseImportProfile(parse(readText(file)), file);
  } catch (error) {
    throw fault((error as Error).message);
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new InputError(`${file} cannot be read: ${(error as Error).message}`, { file }, 'check the path');
  }
}
