import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { AggregateStore, type MessageContext, type StageDefinition, type TopicSpec } from '@allostat/platform';
import type { SampleEvent } from '@allostat/testkit';

/** The topics of the sample application: numbers go in, totals come out. */
export const SAMPLE_TOPICS: readonly TopicSpec[] = [
  { name: 'numbers', partitions: 3 },
  { name: 'totals', partitions: 3 },
];

type Context = MessageContext<SampleEvent>;
interface Count {
  readonly count: number;
  readonly sum: number;
}

/** Where each stage writes down what it applied, in the same transaction. Nothing here forbids a double entry. */
class History1764000000100 implements MigrationInterface {
  readonly name = 'History1764000000100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'create table applied (n bigint generated always as identity, id text not null, key text not null, place int not null)',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table applied');
  }
}

const record = ({ unit }: Context, id: string, { key, value }: SampleEvent) =>
  unit.manager.query('insert into applied (id, key, place) values ($1, $2, $3)', [id, key, value]);

export const counts = new AggregateStore<Count>({ name: 'count' });

@Controller()
class CounterController {
  @EventPattern('numbers')
  async onNumber(@Payload() event: SampleEvent, @Ctx() context: Context): Promise<void> {
    const { unit, envelope } = context;
    const { count, sum } = await counts.load(unit, event.key, () => ({ count: 0, sum: 0 }));
    counts.save(unit, event.key, { count: count + 1, sum: sum + event.value });
    await record(context, envelope.id, event);
    unit.publish([{ type: 'Total', topic: 'totals', key: event.key, value: event.value }], envelope);
  }
}

@Controller()
class LedgerController {
  @EventPattern('totals')
  async onTotal(@Payload() event: SampleEvent, @Ctx() context: Context): Promise<void> {
    // Under the id of the number it follows from, so that both histories can be compared with what was sent.
    await record(context, context.envelope.causationId as string, event);
  }
}

const stage = (name: string, controller: StageDefinition['controllers'][number]): StageDefinition => ({
  name,
  controllers: [controller],
  entities: [],
  migrations: [History1764000000100],
});

/** Counts numbers by key and publishes totals. */
export const COUNTER = stage('counter', CounterController);
/** Writes totals down. */
export const LEDGER = stage('ledger', LedgerController);
