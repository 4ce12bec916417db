import { canonicalJson, deterministicId, sha256Hex } from '@allostat/kernel';
import { modelVersion, type CandidateTrained, type DomainEvent, type ModelPromoted } from '@allostat/pipeline';
import { ArtefactStore, type Envelope, type UnitOfWork } from '@allostat/platform';
import { currentVersion, hasVersion, insertAlias, insertVersion } from './model.store';

export interface TrainedModel {
  /** Name in the registry, such as `regime:demo`. */
  readonly model: string;
  /** Fitted parameters, plain data. */
  readonly parameters: unknown;
  readonly trainedFrom: string;
  readonly trainedTo: string;
  readonly observations: number;
  readonly logLikelihood: number;
  readonly converged: boolean;
  readonly seed: number;
  /** People who made it; they cannot decide on what follows from it. */
  readonly developers?: readonly string[];
}

/**
 * Registers a fitted model as a version that no alias points at yet. The version is named after the parameters, so registering the
 * same fit again changes nothing.
 */
export async function registerCandidate(
  unit: UnitOfWork<DomainEvent>,
  artefacts: ArtefactStore,
  { model, parameters, ...facts }: TrainedModel,
  at: string,
): Promise<void> {
  const text = canonicalJson(parameters);
  const version = modelVersion(facts.trainedTo, parameters);
  if (await hasVersion(unit.manager, model, version)) return;
  const artefact = await artefacts.put(unit.manager, Buffer.from(text), 'application/json');
  const candidate: CandidateTrained = { type: 'CandidateTrained', model, version, artefact, ...facts };
  await insertVersion(unit, candidate, at);
  const id = deterministicId('register-candidate', model, version);
  unit.publish([candidate], { id, type: 'command', source: 'model-lab', time: at, correlationId: id });
}

/**
 * Registers a fitted model and makes it the champion, in one transaction. The version is named after the parameters,
 * so registering the same fit again changes nothing and returns the version that is there.
 */
export async function registerChampion(
  unit: UnitOfWork<DomainEvent>,
  artefacts: ArtefactStore,
  trained: TrainedModel,
  reason: string,
  at: string,
): Promise<{ readonly version: string; readonly artefact: string }> {
  const { model, parameters, ...facts } = trained;
  const text = canonicalJson(parameters);
  const hash = sha256Hex(text);
  const version = modelVersion(facts.trainedTo, parameters);
  const champion = await currentVersion(unit.manager, model, 'champion');
  if (champion?.version === version) return { version, artefact: hash };
  await artefacts.put(unit.manager, Buffer.from(text), 'application/json');
  const candidate: CandidateTrained = { type: 'CandidateTrained', model, version, artefact: hash, ...facts };
  const promoted: ModelPromoted = {
    type: 'ModelPromoted',
    model,
    alias: 'champion',
    version,
    artefact: hash,
    ...(champion && { previousVersion: champion.version }),
    reason,
  };
  await insertVersion(unit, candidate, at);
  await insertAlias(unit, promoted, at);
  const id = deterministicId('register', model, version);
  const cause: Envelope = { id, type: 'command', source: 'model-lab', time: at, correlationId: id };
  unit.publish([candidate, promoted], cause);
  return { version, artefact: hash };
}
