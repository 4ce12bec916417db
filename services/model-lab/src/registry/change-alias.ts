import type { EntityManager } from 'typeorm';
import { AllostatError, deterministicId, InputError } from '@allostat/kernel';
import {
  decideModelChange,
  needsApproval,
  proposeModelChange,
  type DomainEvent,
  type ModelChange,
  type ModelChangeWish,
  type ModelPromoted,
  type ModelState,
  type Signature,
} from '@allostat/pipeline';
import { AggregateStore, type Envelope, type UnitOfWork } from '@allostat/platform';
import { currentVersion } from '../model.store';
import { insertLedgerRow } from './ledger-row';

/** The change of a model that is open, or the last one. */
export const MODEL_CHANGES = new AggregateStore<{ readonly change?: ModelChange }>({ name: 'model-change' });

export type AliasWish = Omit<ModelChangeWish, 'previousVersion'>;

/** Proposes that an alias points at another version, which must be registered and not out of use. */
export async function proposeAlias(
  unit: UnitOfWork<DomainEvent>,
  wish: AliasWish,
  actor: string,
  now: string,
): Promise<ModelChange> {
  const { manager } = unit;
  const { model, version, alias } = wish;
  const developers = await developersOf(manager, model, version);
  needsApproval(await stateOf(manager, model, version), stateFor(alias));
  const current = await currentVersion(manager, model, alias);
  if (current?.version === version)
    throw new InputError(`${alias} of ${model} already is ${version}`, { field: 'version' });
  await MODEL_CHANGES.load(unit, model, () => ({}));
  const change = proposeModelChange(
    { ...wish, ...(current && { previousVersion: current.version }) },
    actor,
    developers,
    now,
  );
  const proposed = {
    change_id: change.changeId,
    model,
    version,
    alias,
    maker: actor,
    developers: JSON.stringify(developers),
    required_approvals: change.requirement.approvals,
    content_hash: change.contentHash,
    at: now,
  };
  await insertLedgerRow(unit, 'model_change', proposed, { at: now, actor });
  MODEL_CHANGES.save(unit, model, { change });
  return change;
}

/** Records a person's decision; the approval that completes it moves the alias and publishes it in the same transaction. */
export async function decideAlias(
  unit: UnitOfWork<DomainEvent>,
  model: string,
  changeId: string,
  signature: Omit<Signature, 'contentHash'>,
  now: string,
): Promise<ModelChange> {
  const { change } = await MODEL_CHANGES.load(unit, model, () => ({}));
  if (change?.changeId !== changeId) {
    throw new InputError(`${changeId} is not the open change of ${model}`, { field: 'change' }, 'propose it again');
  }
  const decided = decideModelChange(change, signature, now);
  const { actor, function: role, decision, reason } = signature;
  const { maker, contentHash: content_hash } = change;
  const given = { change_id: changeId, maker, content_hash, actor, function: role, decision, reason, at: now };
  await insertLedgerRow(unit, 'model_change_decision', given, { at: now, actor });
  MODEL_CHANGES.save(unit, model, { change: decided });
  if (decided.status === 'approved') await moveAlias(unit, decided, now);
  return decided;
}

async function moveAlias(
  unit: UnitOfWork<DomainEvent>,
  { changeId, wish, maker }: ModelChange,
  now: string,
): Promise<void> {
  const { manager } = unit;
  const { model, version, alias, reason, previousVersion } = wish;
  const current = await currentVersion(manager, model, alias);
  if (current?.version !== previousVersion) {
    throw new AllostatError(
      'MODEL.ALIAS_MOVED',
      `${alias} of ${model} is ${current?.version ?? 'nothing'} now, the change was approved over ${previousVersion ?? 'nothing'}`,
      'propose the change again',
    );
  }
  const approved = { approval_id: changeId, actor: maker, reason_code: 'approved-change' };
  const pointer = { model, alias, version, from_time: now, reason, ...approved };
  await insertLedgerRow(unit, 'model_alias', pointer, { at: now, actor: maker });
  await enterState(unit, {
    model,
    version,
    state: stateFor(alias),
    actor: maker,
    reason,
    approvalId: changeId,
    at: now,
  });
  const [{ artefact }] = await manager.query<{ artefact: string }[]>(
    'select artefact from model_version where model = $1 and version = $2',
    [model, version],
  );
  const promoted: ModelPromoted = {
    type: 'ModelPromoted',
    model,
    alias,
    version,
    artefact,
    ...(previousVersion !== undefined && { previousVersion }),
    reason,
  };
  unit.publish([promoted], commandCause(now, ['promote', changeId]));
}

/** Takes a version out of use at once, by one person; governance releases nothing that follows from it. */
export async function suspendVersion(
  unit: UnitOfWork<DomainEvent>,
  model: string,
  version: string,
  actor: string,
  reason: string,
  now: string,
): Promise<void> {
  await developersOf(unit.manager, model, version);
  needsApproval(await stateOf(unit.manager, model, version), 'suspended');
  await enterState(unit, { model, version, state: 'suspended', actor, reason, approvalId: null, at: now });
  const suspended = { type: 'ModelSuspended', model, version, actor, reason, at: now } as const;
  unit.publish([suspended], commandCause(now, ['suspend', model, version, actor, now]));
}

export async function enterState(
  unit: UnitOfWork<DomainEvent>,
  entry: {
    readonly model: string;
    readonly version: string;
    readonly state: ModelState;
    readonly actor: string;
    readonly reason: string;
    readonly approvalId: string | null;
    readonly at: string;
  },
): Promise<void> {
  const { approvalId: approval_id, ...rest } = entry;
  await insertLedgerRow(unit, 'model_state', { ...rest, approval_id }, { at: entry.at, actor: entry.actor });
}

/** State of a version; `registered` while nothing else is recorded. */
export async function stateOf(manager: EntityManager, model: string, version: string): Promise<ModelState> {
  const [row] = await manager.query<{ state: ModelState }[]>(
    'select state from model_state where model = $1 and version = $2 order by id desc limit 1',
    [model, version],
  );
  return row ? row.state : 'registered';
}

async function developersOf(manager: EntityManager, model: string, version: string): Promise<readonly string[]> {
  const [row] = await manager.query<{ developers: string[] }[]>(
    'select developers from model_version where model = $1 and version = $2',
    [model, version],
  );
  if (!row)
    throw new InputError(`${model} has no version ${version}`, { field: 'version' }, 'see `allostat model list`');
  return row.developers;
}

function stateFor(alias: 'champion' | 'challenger'): ModelState {
  return alias === 'champion' ? 'production' : 'shadow';
}

function commandCause(time: string, content: readonly string[]): Envelope {
  const id = deterministicId('model-command', ...content);
  return { id, type: 'command', source: 'model-lab', time, correlationId: id };
}
