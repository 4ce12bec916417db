import { toInstant } from '@allostat/kernel';
import type { DomainEvent } from '@allostat/pipeline';
import { createLogger, migrate, roleUrl, startStage, type MessageBus, type RunningStage } from '@allostat/platform';
import { topicSpecs } from '../line/topic-specs';
import { ORDER_SYSTEM_CODEC } from '../order-system/order-system-codec';
import { ORDER_SYSTEM } from '../order-system/order-system.stage';

/** The simulated order system on a database and a bus, as the cases need it: it can be stopped and started again. */
export interface Simulator {
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export async function startSimulator(adminUrl: string, bus: MessageBus): Promise<Simulator> {
  await migrate({ adminUrl, stages: [ORDER_SYSTEM] });
  await bus.ensureTopics(topicSpecs());
  const start = (): Promise<RunningStage<DomainEvent>> =>
    startStage<DomainEvent>(ORDER_SYSTEM, {
      databaseUrl: roleUrl(adminUrl, ORDER_SYSTEM.name),
      bus,
      codec: ORDER_SYSTEM_CODEC,
      clock: { now: () => toInstant(Date.now()) },
      logger: createLogger({ service: ORDER_SYSTEM.name, level: process.env.LOG_LEVEL ?? 'silent' }),
    });
  let stage = await start();
  return {
    restart: async () => {
      await stage.close();
      stage = await start();
    },
    stop: () => stage.close(),
  };
}
