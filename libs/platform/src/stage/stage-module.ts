import { Module, type DynamicModule } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ArtefactStore } from '../artefact/artefact-store';
import { DeadLetters } from '../dead-letter/dead-letters';
import type { Logger } from '../logs/logger';
import type { TypedEvent } from '../messaging/event-codec';
import { UnitRunner } from '../unit-of-work/unit-runner';
import { CLOCK, LOGGER, type Runtime } from './runtime';
import type { StageDefinition } from './stage-definition';

@Module({})
class StageModule {}

/**
 * The Nest module of a stage. Beside the stage's own providers it offers `DataSource`, `UnitRunner`, `ArtefactStore`,
 * `DeadLetters`, and the tokens `CLOCK` and `LOGGER`.
 */
export function stageModule<E extends TypedEvent>(
  definition: StageDefinition,
  parts: {
    readonly runtime: Runtime<E>;
    readonly logger: Logger;
    readonly dataSource: DataSource;
    readonly units: UnitRunner<E>;
    readonly deadLetters: DeadLetters;
  },
): DynamicModule {
  const { runtime, logger, dataSource, units, deadLetters } = parts;
  return {
    module: StageModule,
    controllers: [...definition.controllers],
    providers: [
      { provide: DataSource, useValue: dataSource },
      { provide: UnitRunner, useValue: units },
      { provide: DeadLetters, useValue: deadLetters },
      { provide: ArtefactStore, useValue: new ArtefactStore() },
      { provide: CLOCK, useValue: runtime.clock },
      { provide: LOGGER, useValue: logger },
      ...(runtime.providers ?? []),
      ...(definition.providers ?? []),
    ],
  };
}
