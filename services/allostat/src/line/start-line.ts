import type { GovernanceOptions } from '@allostat/governance';
import { invariant } from '@allostat/kernel';
import type { DomainEvent } from '@allostat/pipeline';
import {
  roleUrl,
  startStage,
  type Logger,
  type MessageBus,
  type RunningStage,
  type StageDefinition,
  type Telemetry,
} from '@allostat/platform';
import { lineStages, readOnly } from './line-stages';
import { topicSpecs } from './topic-specs';
import { WIRE_CODEC } from '@allostat/wire';

export interface LineOptions extends GovernanceOptions {
  /** Administrator's URL of a database that has been migrated. */
  readonly adminUrl: string;
  readonly bus: MessageBus;
  readonly logger: Logger;
  /** Port of governance's API; the other stages with one take the ports after it. 0 chooses free ones. */
  readonly port: number;
  readonly telemetry?: Telemetry;
  /** Login of each stage; default derived from the administrator's. */
  readonly urlOf?: (service: string) => string;
}

/** All stages of the line, as one process sees them. */
export interface Line {
  readonly stages: readonly RunningStage<DomainEvent>[];
  /** Address of governance's API. */
  readonly url: string;
  stage(name: string): RunningStage<DomainEvent>;
  close(): Promise<void>;
}

/** Makes the topics and starts every stage in this process. */
export async function startLine(options: LineOptions): Promise<Line> {
  await options.bus.ensureTopics(topicSpecs());
  return openLine(lineStages(options), options);
}

/**
 * A line whose stages run in other processes: their states, tables and dead letters can be read and restored here,
 * their messages are theirs.
 */
export async function watchLine(options: LineOptions, url: string): Promise<Line> {
  return { ...(await openLine(lineStages(options).map(readOnly), options, { publishes: false })), url };
}

function portOf({ name }: StageDefinition, definitions: readonly StageDefinition[], port: number): number {
  if (port === 0 || name === 'governance') return port;
  const others = definitions.filter((definition) => definition.http === true && definition.name !== 'governance');
  return port + 1 + others.findIndex((definition) => definition.name === name);
}

async function openLine(
  definitions: readonly StageDefinition[],
  options: LineOptions,
  role: { readonly publishes?: boolean } = {},
): Promise<Line> {
  const { adminUrl, bus, clock, logger, port, telemetry } = options;
  const urlOf = options.urlOf ?? ((service: string) => roleUrl(adminUrl, service));
  const stages: RunningStage<DomainEvent>[] = [];
  const close = async (): Promise<void> => {
    for (const stage of [...stages].reverse()) await stage.close();
  };
  try {
    for (const definition of definitions) {
      stages.push(
        await startStage<DomainEvent>(definition, {
          databaseUrl: urlOf(definition.name),
          bus,
          codec: WIRE_CODEC,
          clock,
          logger,
          ...(definition.http === true && { port: portOf(definition, definitions, port) }),
          ...(telemetry && { telemetry }),
          ...role,
        }),
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
  return { stages, url: stage('governance').url ?? '', stage, close };
}
