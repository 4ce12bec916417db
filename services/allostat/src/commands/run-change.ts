import type { ReviewView } from '@allostat/governance';
import { InputError } from '@allostat/kernel';
import {
  CHANGE_KINDS,
  committeeSchema,
  policySetSchema,
  universeSchema,
  type ChangeContent,
  type ChangeKind,
} from '@allostat/pipeline';
import { printResult, type OutputOptions } from '../cli/output';
import { readMandateFile } from '../files/read-mandate';
import { readYaml } from '../files/read-yaml';
import { withGovernance } from '../with-governance';

interface Options extends OutputOptions {
  readonly as?: string;
}
interface Reasoned extends Options {
  readonly reason: string;
}
type ChangeView = ReviewView<ChangeContent>;

interface Version {
  readonly version: number;
  readonly approvedAt: string;
  readonly changeId: string;
}

export async function list(options: Options): Promise<void> {
  const changes = await withGovernance(options, (client, token) => client.call<ChangeView[]>('GET', '/changes', token));
  const lines = changes.map(({ id, kind, mandateId, status, needs, proposal }) => {
    return `${id}  ${kind} ${mandateId}  version ${proposal.body.version}  ${status}${needs > 0 ? `, needs ${needs}` : ''}`;
  });
  printResult(changes, lines.length > 0 ? lines : ['nothing has been proposed'], options);
}

export async function show(options: Options, id: string): Promise<void> {
  const change = await call(options, 'GET', id, '');
  printResult(change, [standing(change), JSON.stringify(change.proposal.body, null, 2), ...thread(change)], options);
}

/** Reads a version from a YAML file and proposes it. */
export async function propose(options: Reasoned, kind: string, file: string): Promise<void> {
  const known = CHANGE_KINDS.find((candidate) => candidate === kind);
  if (!known) throw new InputError(`there is no kind ${kind}`, { field: 'kind' }, `use ${CHANGE_KINDS.join(', ')}`);
  const body = readBody(known, file);
  const change = await withGovernance(options, (client, token) =>
    client.call<ChangeView>('POST', '/changes', token, { kind, body, reason: options.reason }),
  );
  printResult(change, [standing(change)], options);
}

export async function decide(
  options: Reasoned & { readonly function?: string },
  id: string,
  decision: 'approve' | 'reject',
): Promise<void> {
  const { contentHash } = await call(options, 'GET', id, '');
  const { reason, function: role } = options;
  const body = { decision, reason, contentHash, ...(role !== undefined && { function: role }) };
  report(await call(options, 'POST', id, '/decisions', body), options);
}

export async function challenge(options: Reasoned & { readonly topic: string }, id: string): Promise<void> {
  const body = { topic: options.topic, text: options.reason };
  report(await call(options, 'POST', id, '/challenges', body), options);
}

export async function answer(options: Reasoned & { readonly challenge: string }, id: string): Promise<void> {
  const path = `/challenges/${encodeURIComponent(options.challenge)}/answer`;
  report(await call(options, 'POST', id, path, { text: options.reason }), options);
}

export async function withdraw(options: Reasoned, id: string): Promise<void> {
  report(await call(options, 'POST', id, '/withdrawal', { reason: options.reason }), options);
}

export async function versions(options: Options & { readonly asOf?: string }, kind: string, id: string): Promise<void> {
  const query = options.asOf === undefined ? '' : `?asOf=${encodeURIComponent(options.asOf)}`;
  const path = `/versions/${encodeURIComponent(kind)}/${encodeURIComponent(id)}${query}`;
  const all = await withGovernance(options, (client, token) => client.call<Version[]>('GET', path, token));
  const lines = all.map(
    ({ version, approvedAt, changeId }) => `${version}  since ${approvedAt}  by change ${changeId}`,
  );
  printResult({ versions: all }, lines.length > 0 ? lines : ['no version has been approved'], options);
}

function readBody(kind: ChangeKind, file: string): unknown {
  switch (kind) {
    case 'policies':
      return readYaml(file, policySetSchema).value;
    case 'mandate':
      return readMandateFile(file).value;
    case 'universe':
      return readYaml(file, universeSchema).value;
    case 'committee':
      return readYaml(file, committeeSchema).value;
  }
}

function call(options: Options, method: string, id: string, path: string, body?: object): Promise<ChangeView> {
  return withGovernance(options, (client, token) =>
    client.call<ChangeView>(method, `/changes/${encodeURIComponent(id)}${path}`, token, body),
  );
}

function report(change: ChangeView, options: OutputOptions): void {
  printResult(change, [standing(change)], options);
}

function standing({ id, kind, mandateId, status, needs, proposal, maker }: ChangeView): string {
  const missing = needs > 0 ? `, needs ${needs} more` : '';
  return `${id}: ${kind} ${mandateId} version ${proposal.body.version} by ${maker} is ${status}${missing}`;
}

function thread({ decisions, challenges }: ChangeView): string[] {
  return [
    ...decisions.map(({ at, actor, decision, reason }) => `${at} ${actor}: ${decision}, ${reason}`),
    ...challenges.map(({ id, actor, topic, text, answer: given }) => {
      return `challenge ${id} by ${actor} on ${topic}: ${text}${given ? `; ${given.actor} answered: ${given.text}` : ''}`;
    }),
  ];
}
