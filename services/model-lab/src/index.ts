import type { StageDefinition } from '@allostat/platform';
import { CreateRegistryTables1764100000003 } from './create-registry-tables.migration';
import { ModelAliasEntity } from './model-alias.entity';
import { ModelVersionEntity } from './model-version.entity';

export { currentVersion, listModels, type AliasView, type ModelView } from './model.store';
export { registerChampion, type TrainedModel } from './register-champion';

export const MODEL_LAB: StageDefinition = {
  name: 'model-lab',
  controllers: [],
  entities: [ModelVersionEntity, ModelAliasEntity],
  migrations: [CreateRegistryTables1764100000003],
};
