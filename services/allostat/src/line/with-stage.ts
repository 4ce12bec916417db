import { toInstant } from '@allostat/kernel';
import type { DomainEvent } from '@allostat/pipeline';
import {
  createLogger,
  createMessageBus,
  migrate,
  roleUrl,
  startStage,
  type RunningStage,
  type StageDefinition,
} from '@allostat/platform';
import { openDatabase } from '../database';
import type { Home, Room } from '../home';
import { topicSpecs } from './topic-specs';
import { WIRE_CODEC } from '@allostat/wire';

export interface WithStageOptions {
  readonly home: Home;
  readonly room?: Room;
  /** Serves the stage's API for the time being, on a free port. */
  readonly serve?: boolean;
}

/** Starts one stage on the home's database for as long as `work` takes. */
export async function withStage<T>(
  definition: StageDefinition,
  { home, room, serve }: WithStageOptions,
  work: (stage: RunningStage<DomainEvent>) => Promise<T>,
): Promise<T> {
  const database = await openDatabase(home, room);
  try {
    await migrate({ adminUrl: database.url, stages: [definition] });
    const bus = await createMessageBus({ kind: 'postgres', url: database.url, clientId: 'tool' });
    try {
      await bus.ensureTopics(topicSpecs());
      const stage = await startStage<DomainEvent>(definition, {
        databaseUrl: roleUrl(database.url, definition.name),
        bus,
        codec: WIRE_CODEC,
        clock: { now: () => toInstant(Date.now()) },
        logger: createLogger({ service: 'allostat', level: process.env.LOG_LEVEL ?? 'error' }),
        ...(serve === true && { port: 0 }),
      });
      try {
        return await work(stage);
      } finally {
        await stage.close();
      }
    } finally {
      await bus.close();
    }
  } finally {
    await database.close();
  }
}
