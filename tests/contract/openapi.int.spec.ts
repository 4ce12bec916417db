import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import { ROOT } from '../architecture/import-rules';
import { GovernanceWorld } from '../security/governance-world';

const document = parse(readFileSync(join(ROOT, 'docs/openapi.yaml'), 'utf8')) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, object>>>>;
};
const ajv = addFormats(new Ajv({ strict: false, allErrors: true }));
ajv.addSchema(document, 'api');
const pointer = (...parts: string[]) => parts.map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1')).join('/');

let world: GovernanceWorld;
let id: string;
beforeAll(async () => {
  world = await GovernanceWorld.open({ mandates: ['mandate-a'], neighbours: true });
  id = await world.propose('mandate-a', 1);
  await world.taken();
}, 120_000);
afterAll(() => world.close(), 60_000);

/** Faults of what a service answered, by what the description says of it. */
async function faultsOf(who: string, method: string, path: string, told: string, body?: unknown): Promise<unknown[]> {
  const answer = await world.call(who, method, path, body);
  const at = ['paths', told, method.toLowerCase(), 'responses', '200', 'content', 'application/json', 'schema'];
  const check = ajv.getSchema(`api#/${pointer(...at)}`);
  expect([path, answer.status, check]).toEqual([path, 200, expect.any(Function)]);
  return check?.(answer.body) === true ? [] : (check?.errors ?? ['not described']);
}

it('what services answer is as described', async () => {
  const { body } = await world.call('pat', 'GET', `/reviews/${id}`);
  const approve = { decision: 'approve', reason: 'checked it', contentHash: body.contentHash };
  for (const call of [
    ['pat', 'GET', '/reviews', '/reviews'],
    ['pat', 'GET', `/reviews/${id}`, '/reviews/{id}'],
    ['pat', 'POST', `/reviews/${id}/decisions`, '/reviews/{id}/decisions', approve],
    ['riley', 'POST', `/reviews/${id}/decisions`, '/reviews/{id}/decisions', approve],
    ['pat', 'GET', `/reviews/${id}`, '/reviews/{id}'],
    ['risk', 'GET', '/kill-switch', '/kill-switch'],
    ['risk', 'POST', '/kill-switch/engagements', '/kill-switch/engagements', { scope: 'all', reason: 'for a test' }],
    ['pat', 'GET', '/changes', '/changes'],
    ['pat', 'GET', '/delegations', '/delegations'],
    ['compliance', 'GET', '/oversight', '/oversight'],
    ['compliance', 'GET', '/audit/verification', '/audit/verification'],
    ['risk', 'GET', '/alerts', '/alerts'],
    ['pat', 'POST', '/identity/token', '/identity/token'],
    ['pat', 'GET', '/identity/keys', '/identity/keys'],
  ] as const) {
    const [who, method, path, told, request] = call;
    expect([path, await faultsOf(who, method, path, told, request)]).toEqual([path, []]);
  }
});

it('an answer that is not as described would be found', () => {
  const check = ajv.getSchema('api#/components/schemas/Error');
  expect(check?.({ error: { code: 'X' } })).toBe(false);
  expect(check?.({ error: { code: 'X', message: 'y' } })).toBe(true);
});
