import type { StageDefinition } from '@allostat/platform';
import { CreateRegistryTables1764100000003 } from './create-registry-tables.migration';
import { ExtendRegistry1764200000003 } from './registry/extend-registry.migration';
import { ModelAliasEntity } from './model-alias.entity';
import { ModelVersionEntity } from './model-version.entity';

export { currentVersion, listModels, type AliasView, type ModelView } from './model.store';
export { decideAlias, MODEL_CHANGES, proposeAlias, suspendVersion, type AliasWish } from './registry/change-alias';
export { readInventory, type InventoryLine } from './registry/inventory';
export { readHistory, type AliasPeriod, type ModelHistory } from './registry/read-history';
export { registerChampion, type TrainedModel } from './register-champion';

export const MODEL_LAB: StageDefinition = {
  name: 'model-lab',
  controllers: [],
  entities: [ModelVersionEntity, ModelAliasEntity],
  migrations: [CreateRegistryTables1764100000003, ExtendRegistry1764200000003],
};
