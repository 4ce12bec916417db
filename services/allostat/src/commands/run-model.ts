import type { Role } from '@allostat/contracts';
import { InputError, toInstant } from '@allostat/kernel';
import {
  decideAlias,
  listModels,
  MODEL_LAB,
  proposeAlias,
  readHistory,
  readInventory,
  registryLog,
  suspendVersion,
  type AliasWish,
  type ModelView,
} from '@allostat/model-lab';
import type { DomainEvent, ModelChange } from '@allostat/pipeline';
import { publishCheckpoint, type UnitOfWork } from '@allostat/platform';
import { printResult, type OutputOptions } from '../cli/output';
import { Home } from '../home';
import { readOnly } from '../line/line-stages';
import { withStage } from '../line/with-stage';
import { personOf } from '../person-of';

interface SignedOptions extends OutputOptions {
  readonly as?: string;
  readonly reason: string;
}

/** Roles that may propose a change, decide on one, and take a version out of use. */
const PROPOSE: readonly Role[] = ['portfolio-manager', 'risk', 'researcher'];
const DECIDE: readonly Role[] = ['risk', 'committee', 'compliance'];
const SUSPEND: readonly Role[] = ['portfolio-manager', 'risk', 'committee', 'compliance', 'operator'];

export async function list(options: OutputOptions): Promise<void> {
  const models = await inRegistry((unit) => listModels(unit.manager));
  const lines = models.flatMap(linesOf);
  printResult({ models }, lines.length > 0 ? lines : ['no model is registered yet'], options);
}

export async function show(options: OutputOptions, name: string): Promise<void> {
  const model = await inRegistry((unit) => findModel(unit, name));
  printResult(model, linesOf(model), options);
}

export async function inventory(options: OutputOptions): Promise<void> {
  const models = await inRegistry((unit) => readInventory(unit.manager));
  const lines = models.map((line) => {
    return `${line.model} ${line.version}: ${line.state}, tier ${line.tier}, owned by ${line.owner}, review due ${line.reviewDue}`;
  });
  printResult({ models }, lines, options);
}

export async function history(
  options: OutputOptions & { readonly asOf?: string; readonly knownAt?: string },
  name: string,
): Promise<void> {
  const at = {
    ...(options.asOf !== undefined && { asOf: instantOf('as-of', options.asOf) }),
    ...(options.knownAt !== undefined && { knownAt: instantOf('known-at', options.knownAt) }),
  };
  const past = await inRegistry(async (unit) => {
    await findModel(unit, name);
    return readHistory(unit.manager, name, at);
  });
  printResult(
    past,
    [
      ...past.aliases.map(({ alias, version, from, to = 'now', actor, reason }) => {
        return `${alias} -> ${version} from ${from} to ${to}, by ${actor}: ${reason}`;
      }),
      ...past.states.map(({ version, state, at: since, actor, reason }) => {
        return `${version} ${state} since ${since}, by ${actor}: ${reason}`;
      }),
    ],
    options,
  );
}

export async function promote(
  options: SignedOptions & { readonly alias: string },
  model: string,
  version: string,
): Promise<void> {
  const { alias } = options;
  if (alias !== 'champion' && alias !== 'challenger') {
    throw new InputError(`--alias ${alias}: use champion or challenger`, { field: 'alias' });
  }
  await propose(options, () => ({ model, version, alias, reason: options.reason }));
}

export async function rollBack(options: SignedOptions, model: string): Promise<void> {
  await propose(options, async (unit) => {
    const { aliases } = await readHistory(unit.manager, model);
    const champions = aliases.filter(({ alias }) => alias === 'champion');
    const before = champions.at(-2);
    if (!before) throw new InputError(`${model} has had no champion before this one`, { field: 'name' });
    return { model, version: before.version, alias: 'champion', reason: options.reason };
  });
}

export async function decide(
  options: SignedOptions,
  model: string,
  changeId: string,
  decision: 'approve' | 'reject',
): Promise<void> {
  const person = personOf(options, DECIDE);
  const role = person.roles.find((candidate) => DECIDE.includes(candidate)) ?? DECIDE[0];
  const { reason } = options;
  const signature = { actor: person.id, function: role, decision, reason, authentication: 'local-account' } as const;
  const change = await changeRegistry((unit) => decideAlias(unit, model, changeId, signature, toInstant(Date.now())));
  printChange(change, options);
}

export async function suspend(options: SignedOptions, model: string, version: string): Promise<void> {
  const person = personOf(options, SUSPEND);
  const at = toInstant(Date.now());
  await changeRegistry((unit) => suspendVersion(unit, model, version, person.id, options.reason, at));
  printResult({ model, version, state: 'suspended', at }, [`${model} ${version} is suspended since ${at}`], options);
}

async function propose(
  options: SignedOptions,
  wish: (unit: UnitOfWork<DomainEvent>) => AliasWish | Promise<AliasWish>,
): Promise<void> {
  const person = personOf(options, PROPOSE);
  const change = await changeRegistry(async (unit) =>
    proposeAlias(unit, await wish(unit), person.id, toInstant(Date.now())),
  );
  printChange(change, options);
}

function printChange({ changeId, wish, status, requirement, decisions }: ModelChange, options: OutputOptions): void {
  const approvals = decisions.filter(({ decision }) => decision === 'approve').length;
  const needs = status === 'submitted' ? requirement.approvals - approvals : 0;
  printResult(
    { id: changeId, ...wish, status, needs, decisions },
    [
      `change ${changeId}: ${wish.alias} of ${wish.model} to ${wish.version} is ${status}${needs > 0 ? `, needs ${needs}` : ''}`,
    ],
    options,
  );
}

/** Work that appends to the registry's log, which is signed as it stands then. */
function changeRegistry<T>(work: (unit: UnitOfWork<DomainEvent>) => Promise<T>): Promise<T> {
  const home = new Home();
  return withStage(readOnly(MODEL_LAB), { home }, async (stage) => {
    const result = await stage.units.run(work);
    await publishCheckpoint(stage.units, registryLog(home.auditLog()), {
      service: stage.name,
      now: toInstant(Date.now()),
    });
    return result;
  });
}

function inRegistry<T>(work: (unit: UnitOfWork<DomainEvent>) => Promise<T>): Promise<T> {
  return withStage(readOnly(MODEL_LAB), { home: new Home() }, (stage) => stage.units.run(work));
}

async function findModel(unit: UnitOfWork<DomainEvent>, name: string): Promise<ModelView> {
  const [model] = await listModels(unit.manager, name);
  if (model) return model;
  throw new InputError(`no model is named ${name}`, { field: 'name' }, 'see `allostat model list`');
}

function linesOf({ model, versions, aliases }: ModelView): string[] {
  return [
    model,
    ...versions.map((v) => `  ${v.version}: ${v.observations} bars ${v.trainedFrom} to ${v.trainedTo}`),
    ...aliases.map((a) => `  ${a.alias} -> ${a.version} from ${a.from}${a.to === undefined ? '' : ` to ${a.to}`}`),
  ];
}

function instantOf(field: string, text: string): string {
  const milliseconds = Date.parse(text);
  if (!Number.isNaN(milliseconds)) return toInstant(milliseconds);
  throw new InputError(`--${field} ${text}: use an ISO date or instant`, { field }, 'for example 2024-03-03T12:00:00Z');
}
