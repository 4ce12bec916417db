import { DataSource } from 'typeorm';
import type { Logger } from '../logs/logger';
import { clientOptions } from '../postgres/client-options';
import { SILENT_LOGGER } from '../postgres/silent-logger';
import { schemaName } from '../postgres/role';
import type { StageDefinition } from './stage-definition';

/** Opens the stage's pool on its schema. */
export async function openStageDatabase(
  definition: StageDefinition,
  options: { readonly databaseUrl: string; readonly poolSize: number; readonly logger: Logger },
): Promise<DataSource> {
  const schema = schemaName(definition.name);
  const source: DataSource = new DataSource({
    type: 'postgres',
    url: options.databaseUrl,
    schema,
    entities: [...definition.entities],
    synchronize: false,
    logger: SILENT_LOGGER,
    poolSize: options.poolSize,
    extra: clientOptions(options.databaseUrl, definition.name, schema),
    // An idle connection may break at any time; the pool replaces it. After the end it may as well.
    poolErrorHandler: (error: Error) => {
      if (source.isInitialized) options.logger.warn({ error }, 'an idle database connection broke');
    },
  });
  return source.initialize();
}
