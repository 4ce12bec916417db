import type { VerifierKey } from '@allostat/kernel';
import {
  AuditSettings,
  serveAuditLog,
  signIn,
  type AuditLogIdentity,
  type SignInOptions,
  type StageDefinition,
} from '@allostat/platform';
import { CreateRegistryTables1764100000003 } from './create-registry-tables.migration';
import { AppendWithCommit1765000000002 } from './registry/append-with-commit.migration';
import { CreateRegistryLog1764900000001 } from './registry/create-registry-log.migration';
import { ExtendRegistry1764200000003 } from './registry/extend-registry.migration';
import { AddJobKinds1764900000003 } from './jobs/add-job-kinds.migration';
import { CreateJobTables1764800000003 } from './jobs/create-job-tables.migration';
import { JOB_WORK, JobWorkers, type JobWork } from './jobs/job-workers';
import { JobsController } from './jobs/jobs.controller';
import { OnJob } from './jobs/on-job.handler';
import { ModelReceiptsController } from './registry/model-receipts.controller';
import { RegistryBook } from './registry/registry-log';
import { ModelAliasEntity } from './model-alias.entity';
import { ModelVersionEntity } from './model-version.entity';

export { currentVersion, listModels, type AliasView, type ModelView } from './model.store';
export { decideAlias, MODEL_CHANGES, proposeAlias, suspendVersion, type AliasWish } from './registry/change-alias';
export { REGISTRY_LEDGERS } from './registry/ledger-row';
export { REGISTRY_LOG, RegistryBook, registryKey, registryLog } from './registry/registry-log';
export { buildModelReceipt } from './registry/build-model-receipt';
export { readInventory, type InventoryLine } from './registry/inventory';
export { readHistory, type AliasPeriod, type ModelHistory } from './registry/read-history';
export { registerCandidate, registerChampion, type TrainedModel } from './register-champion';

export { readJobs, type JobView } from './jobs/job.store';
export { cancelJob, submitJob } from './jobs/submit-job';

/** The stage without workers: it takes jobs and computes none. */
export const MODEL_LAB: StageDefinition = {
  name: 'model-lab',
  controllers: [OnJob],
  entities: [ModelVersionEntity, ModelAliasEntity],
  migrations: [
    CreateRegistryTables1764100000003,
    ExtendRegistry1764200000003,
    CreateJobTables1764800000003,
    CreateRegistryLog1764900000001,
    AddJobKinds1764900000003,
    AppendWithCommit1765000000002,
  ],
};

export interface ModelLabOptions extends Partial<SignInOptions> {
  readonly threads: JobWork['threads'];
  readonly leaseSeconds?: JobWork['leaseSeconds'];
  /** What checkpoints of the registry's log are signed with; without it they are not made. */
  readonly auditLog?: AuditLogIdentity;
  /** Public keys of the witnesses whose co-signatures are taken. */
  readonly witnesses?: readonly VerifierKey[];
}

/** The stage with workers that compute jobs. With people it also serves jobs and the registry's audit log over HTTP. */
export function modelLab({
  threads,
  leaseSeconds = 60,
  people,
  auditLog,
  witnesses = [],
  ...rest
}: ModelLabOptions): StageDefinition {
  const work: JobWork = { threads, leaseSeconds };
  const providers = [{ provide: JOB_WORK, useValue: work }, JobWorkers];
  if (people === undefined) return { ...MODEL_LAB, providers };
  const identity = signIn({ people, ...rest });
  const log = serveAuditLog(new AuditSettings(auditLog, witnesses, () => new RegistryBook()));
  return {
    ...MODEL_LAB,
    controllers: [
      ...MODEL_LAB.controllers,
      JobsController,
      ModelReceiptsController,
      ...log.controllers,
      ...identity.controllers,
    ],
    providers: [...providers, ...log.providers, ...identity.providers],
    http: true,
    bodyLimit: '16mb', // a job carries its history
  };
}
