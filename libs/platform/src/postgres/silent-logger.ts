import type { Logger } from 'typeorm';

/** TypeORM writes to standard output, where only results belong. What fails is thrown and told by whoever catches it. */
export const SILENT_LOGGER: Logger = {
  logQuery: () => undefined,
  logQueryError: () => undefined,
  logQuerySlow: () => undefined,
  logSchemaBuild: () => undefined,
  logMigration: () => undefined,
  log: () => undefined,
};
