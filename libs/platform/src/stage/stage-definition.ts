import type { Provider, Type } from '@nestjs/common';
import type { MigrationClass } from '../postgres/migrate';

/** A stage as its service declares it; the platform gives it messages, state and a way to be watched. */
export interface StageDefinition {
  /** Name of the service, for example `regime-detection`: also its consumer group, schema and role. */
  readonly name: string;
  /** Nest controllers with `@EventPattern(topic)` methods; with `http`, also with routes. */
  readonly controllers: readonly Type[];
  readonly providers?: readonly Provider[];
  /** TypeORM entities of its schema. */
  readonly entities: readonly Type[];
  readonly migrations: readonly MigrationClass[];
  /** Serves the controllers' routes on the port of the health checks. */
  readonly http?: boolean;
  /** Largest body of a request, as in `16mb`; default 100 kB. */
  readonly bodyLimit?: string;
  /** Units of work at the same time, unless the runtime says otherwise; default 4. */
  readonly poolSize?: number;
  /** Units of the stage hold no lock while they wait for the disk; its events wait for the disk too. For one log that all append to. */
  readonly commitsEarly?: boolean;
}
