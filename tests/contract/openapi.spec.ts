import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AUTHORIZATION_MATRIX } from '@allostat/contracts';
import { parse } from 'yaml';
import { ROOT } from '../architecture/import-rules';

interface Operation {
  readonly summary: string;
  readonly 'x-roles'?: readonly string[];
  readonly security: readonly object[];
}
const document = parse(readFileSync(join(ROOT, 'docs/openapi.yaml'), 'utf8')) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
};
const operations = Object.entries(document.paths).flatMap(([path, verbs]) =>
  Object.entries(verbs).map(
    ([verb, operation]) => [`${verb.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`, operation] as const,
  ),
);

it('the description of the interface has the routes of the authorization matrix and no others, with their roles', () => {
  expect(operations.map(([route]) => route).sort()).toEqual(Object.keys(AUTHORIZATION_MATRIX).sort());
  for (const [route, { 'x-roles': roles, security, summary }] of operations) {
    const access = AUTHORIZATION_MATRIX[route];
    expect([route, roles ?? 'public']).toEqual([route, access]);
    expect(security).toHaveLength(access === 'public' ? 0 : 1);
    expect(summary.length).toBeGreaterThan(10);
  }
});
