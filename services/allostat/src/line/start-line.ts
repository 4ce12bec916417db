import type { GovernanceOptions } from '@allostat/governance';
import { invariant } from '@allostat/kernel';
import type { DomainEvent } from '@allostat/pipeline';
import { migrate, roleUrl, startStage, type Logger, type MessageBus, type RunningStage } from '@allostat/platform';
import { lineStages } from './line-stages';
import { topicSpecs } from './topic-specs';
import { WIRE_CODEC } from './wire-codec';

export interface LineOptions extends GovernanceOptions {
  /** Administrator's URL of the database. */
  readonly adminUrl: string;
  readonly bus: MessageBus;
  readonly logger: Logger;
  /** Port of governance's API; 0 chooses a free one. */
  readonly port: number;
}

/** All stages of one process. */
export interface Line {
  readonly stages: readonly RunningStage<DomainEvent>[];
  /** Address of governance's API. */
  readonly url: string;
  stage(name: string): RunningStage<DomainEvent>;
  close(): Promise<void>;
}

/** Migrates the database, makes the topics and starts every stage in this process. */
export async function startLine(options: LineOptions): Promise<Line> {
  const { adminUrl, bus, clock, logger, port } = options;
  const definitions = lineStages(options);
  await migrate({ adminUrl, stages: definitions });
  await bus.ensureTopics(topicSpecs());
  const stages: RunningStage<DomainEvent>[] = [];
  const close = async (): Promise<void> => {
    for (const stage of [...stages].reverse()) await stage.close();
  };
  try {
    for (const definition of definitions) {
      const databaseUrl = roleUrl(adminUrl, definition.name);
      const served = definition.http === true ? { port } : {};
      stages.push(
        await startStage<DomainEvent>(definition, { databaseUrl, bus, codec: WIRE_CODEC, clock, logger, ...served }),
      );
    }
  } catch (error) {
    await close();
    throw error;
  }
  const stage = (name: string): RunningStage<DomainEvent> => {
    const found = stages.find((running) => running.name === name);
    invariant(found, `no stage is named ${name}`);
    return found;
  };
  return { stages, url: stage('governance').url as string, stage, close };
}
