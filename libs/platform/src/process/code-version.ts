import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const CODE = /(?<!\.d)\.[jt]s$/;
const TESTS = /\.(spec|fixture)\.[jt]s$/;

/**
 * Version of a package with a fingerprint of the code that decides in it, such as `1.2.0+3fa91c02b7de`: SHA-256 over the
 * files beside each of `entries`, by their paths and bytes. Two builds of one source have the same.
 */
export function codeVersion(packageFile: string, entries: readonly string[]): string {
  const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string };
  const hash = createHash('sha256');
  for (const root of entries.map((entry) => dirname(entry))) {
    const files = readdirSync(root, { recursive: true, encoding: 'utf8' });
    for (const file of files.filter((name) => CODE.test(name) && !TESTS.test(name)).sort()) {
      hash.update(`${file.replaceAll('\\', '/')}\n`).update(readFileSync(join(root, file)));
    }
  }
  return `${version}+${hash.digest('hex').slice(0, 12)}`;
}
