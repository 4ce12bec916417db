import type { EntityManager } from 'typeorm';
import type { CandidateTrained, DomainEvent, ModelPromoted } from '@allostat/pipeline';
import type { UnitOfWork } from '@allostat/platform';
import { ModelAliasEntity } from './model-alias.entity';
import { ModelVersionEntity } from './model-version.entity';
import { insertLedgerRow } from './registry/ledger-row';

export interface AliasView {
  readonly alias: string;
  readonly version: string;
  readonly from: string;
  /** Absent while the alias still points there. */
  readonly to?: string;
  readonly reason: string;
}

export interface ModelView {
  readonly model: string;
  readonly versions: readonly {
    readonly version: string;
    readonly artefact: string;
    readonly trainedFrom: string;
    readonly trainedTo: string;
    readonly observations: number;
    readonly logLikelihood: number;
    readonly converged: boolean;
    readonly seed: number;
    readonly registeredAt: string;
  }[];
  readonly aliases: readonly AliasView[];
}

/** Who registers what was trained. */
const REGISTRAR = 'service:model-lab';

export async function insertVersion(
  unit: UnitOfWork<DomainEvent>,
  trained: CandidateTrained,
  at: string,
): Promise<void> {
  const { model, version, artefact, trainedFrom, trainedTo, observations, logLikelihood, converged, seed } = trained;
  const facts = {
    model,
    version,
    artefact,
    trained_from: trainedFrom,
    trained_to: trainedTo,
    observations,
    log_likelihood: logLikelihood,
    converged,
    seed,
    registered_at: at,
    ...(trained.developers && { developers: JSON.stringify(trained.developers) }),
  };
  await insertLedgerRow(unit, 'model_version', facts, { at, actor: REGISTRAR });
}

export async function insertAlias(unit: UnitOfWork<DomainEvent>, promoted: ModelPromoted, at: string): Promise<void> {
  const { model, alias, version, reason } = promoted;
  const pointer = { model, alias, version, reason, from_time: at };
  await insertLedgerRow(unit, 'model_alias', pointer, { at, actor: REGISTRAR });
}

export async function hasVersion(manager: EntityManager, model: string, version: string): Promise<boolean> {
  return manager.existsBy(ModelVersionEntity, { model, version });
}

/** Version that an alias of a model points at. */
export async function currentVersion(
  manager: EntityManager,
  model: string,
  alias: string,
): Promise<ModelVersionEntity | undefined> {
  const [row] = await manager.find(ModelAliasEntity, { where: { model, alias }, order: { id: 'DESC' }, take: 1 });
  if (!row) return undefined;
  return (await manager.findOneBy(ModelVersionEntity, { model, version: row.version })) ?? undefined;
}

/** The whole registry, or one model of it. */
export async function listModels(manager: EntityManager, model?: string): Promise<ModelView[]> {
  const where = model === undefined ? {} : { where: { model } };
  const versions = await manager.find(ModelVersionEntity, { ...where, order: { model: 'ASC', registeredAt: 'ASC' } });
  const aliases = await manager.find(ModelAliasEntity, { ...where, order: { id: 'ASC' } });
  return [...new Set(versions.map((version) => version.model))].map((name) => ({
    model: name,
    versions: versions
      .filter((version) => version.model === name)
      .map(({ model: _model, seed, registeredAt, ...rest }) => ({
        ...rest,
        seed: Number(seed),
        registeredAt: registeredAt.toISOString(),
      })),
    aliases: ledger(aliases.filter((alias) => alias.model === name)),
  }));
}

function ledger(rows: readonly ModelAliasEntity[]): AliasView[] {
  return rows.map((row, i) => {
    const next = rows.slice(i + 1).find(({ alias }) => alias === row.alias);
    return {
      alias: row.alias,
      version: row.version,
      from: row.from.toISOString(),
      ...(next && { to: next.from.toISOString() }),
      reason: row.reason,
    };
  });
}
