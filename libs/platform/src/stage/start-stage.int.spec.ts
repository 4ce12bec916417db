import { Controller, Get, Inject } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { Client } from 'pg';
import { ManualClock } from '@allostat/kernel';
import { eventually, sampleCodec, startPostgres, type Infrastructure, type SampleEvent } from '@allostat/testkit';
import { AggregateStore } from '../aggregate/aggregate-store';
import { createLogger } from '../logs/logger';
import { createMessageBus } from '../messaging/create-message-bus';
import { envelopeHeaders, type Envelope } from '../messaging/envelope';
import type { MessageBus } from '../messaging/message-bus';
import { migrate } from '../postgres/migrate';
import { roleUrl } from '../postgres/role';
import type { MessageContext } from '../runner/message-context';
import { NotReadyError } from '../runner/failure-kind';
import type { UnitRunner } from '../unit-of-work/unit-runner';
import type { StageDefinition } from './stage-definition';
import { startStage, type RunningStage } from './start-stage';

interface Total {
  readonly sum: number;
  readonly seen: Float64Array;
}

const totals = new AggregateStore<Total>({ name: 'total' });
let flakyFailures = 0;
let readyAfter = 0;

/** Adds numbers by key and publishes each new total; some keys are trouble. */
@Controller()
class AdderController {
  @EventPattern('numbers')
  async onNumber(@Payload() event: SampleEvent, @Ctx() context: MessageContext<SampleEvent>): Promise<void> {
    const { unit, envelope } = context;
    if (event.key === 'swallow') return void (await unit.manager.query('select 1 / 0').catch(() => undefined));
    if (event.key === 'poison') throw new TypeError('this key breaks the handler');
    if (event.key === 'flaky' && flakyFailures++ < 2) throw new Error('not yet');
    if (event.key === 'early' && Date.now() < readyAfter) throw new NotReadyError('the universe is not known yet');
    const before = await totals.load(unit, event.key, () => ({ sum: 0, seen: new Float64Array() }));
    const after = { sum: before.sum + event.value, seen: Float64Array.of(...before.seen, event.value) };
    totals.save(unit, event.key, after);
    const key = event.key === 'huge' ? 'huge'.repeat(2 ** 21) : event.key;
    unit.publish([{ type: 'Total', topic: 'totals', key, value: after.sum }], envelope);
  }

  @Get('/hello')
  hello(): string {
    return 'hello';
  }
}

/** Writes down what it hears. */
@Controller()
class KeeperController {
  constructor(@Inject('heard') private readonly heard: string[]) {}

  @EventPattern('totals')
  onTotal(@Payload() event: SampleEvent, @Ctx() { unit }: MessageContext<SampleEvent>): Promise<void> {
    unit.afterCommit(() => this.heard.push(`${event.key}=${event.value}`));
    return Promise.resolve();
  }
}

const stage = (name: string, more: Partial<StageDefinition>): StageDefinition => ({
  name,
  controllers: [],
  entities: [],
  migrations: [],
  ...more,
});
const ADDER = stage('adder', { controllers: [AdderController], http: true });
const KEEPER = stage('keeper', { controllers: [KeeperController] });

let serial = 0;
const cause = (id = `cause-${++serial}`): Envelope => ({
  id,
  type: 'Order',
  source: 'test',
  time: '2024-01-02T00:00:00.000Z',
  correlationId: id,
});
const number = (key: string, value: number): SampleEvent => ({ type: 'Number', topic: 'numbers', key, value });

describe('a stage on the Postgres log', () => {
  let postgres: Infrastructure;
  let bus: MessageBus;
  let adder: RunningStage<SampleEvent>;
  let keeper: RunningStage<SampleEvent>;
  let admin: Client;
  const heard: string[] = [];
  const logger = createLogger({ service: 'test', level: 'fatal' });
  const start = (definition: StageDefinition, port?: number) =>
    startStage<SampleEvent>(definition, {
      databaseUrl: roleUrl(postgres.url, definition.name),
      bus,
      codec: sampleCodec,
      clock: new ManualClock('2024-01-01T00:00:00.000Z'),
      logger,
      retry: { attempts: 3, baseMs: 5, notReadyMs: 60_000 },
      providers: [{ provide: 'heard', useValue: heard }],
      ...(port === undefined ? {} : { port }),
    });
  const send = (events: SampleEvent[], from: Envelope = cause()) =>
    (keeper.units as UnitRunner<SampleEvent>).run((unit) => {
      unit.publish(events, from);
      return Promise.resolve();
    });

  beforeAll(async () => {
    postgres = await startPostgres();
    await migrate({ adminUrl: postgres.url, stages: [ADDER, KEEPER] });
    const setup = await createMessageBus({ kind: 'postgres', url: postgres.url });
    await setup.ensureTopics([
      { name: 'numbers', partitions: 1 },
      { name: 'totals', partitions: 2 },
    ]);
    await setup.close();
    // Services log in with their own roles, the log too.
    bus = await createMessageBus({ kind: 'postgres', url: roleUrl(postgres.url, 'adder'), heartbeatMs: 200 });
    [adder, keeper] = await Promise.all([start(ADDER, 0), start(KEEPER)]);
    admin = new Client({ connectionString: postgres.url });
    await admin.connect();
  }, 60_000);

  afterAll(async () => {
    await adder.close();
    await keeper.close();
    await bus.close();
    await admin.end();
    await postgres.stop();
  }, 60_000);

  beforeEach(() => heard.splice(0));

  it('carries state from message to message and publishes what follows', async () => {
    await send([number('a', 1), number('b', 10), number('a', 2)]);
    await eventually(() => expect([...heard].sort()).toEqual(['a=1', 'a=3', 'b=10']));
    const state = await adder.units.run((unit) =>
      totals.load(unit, 'a', () => ({ sum: -1, seen: new Float64Array() })),
    );
    expect(state).toEqual({ sum: 3, seen: Float64Array.of(1, 2) });
  }, 30_000);

  it('applies a message once, however often it comes', async () => {
    const from = cause();
    for (let i = 0; i < 3; i++) await send([number('once', 5)], from);
    await send([number('marker', 1)]);
    await eventually(() => expect(heard).toContain('marker=1'));
    expect(heard.filter((line) => line.startsWith('once'))).toEqual(['once=5']);
  }, 30_000);

  it('gives a bad message up after the stated tries, keeps its bytes, and lets its neighbours go on', async () => {
    await send([number('n1', 1), number('poison', 7), number('n2', 2)]);
    await eventually(() => expect([...heard].sort()).toEqual(['n1=1', 'n2=2']));
    const [letter, ...others] = await adder.deadLetters.list();
    expect(others).toEqual([]);
    expect(letter).toMatchObject({
      topic: 'numbers',
      key: 'poison',
      attempts: 3,
      reason: 'this key breaks the handler',
    });
    expect(JSON.parse(letter.value.toString())).toEqual(number('poison', 7));
    const { rows } = await admin.query('select 1 from adder.inbox where event_id = $1', [letter.eventId]);
    expect(rows).toEqual([]);
  }, 30_000);

  it.each([
    ['garbage', Buffer.from([0xff, 0x00, 0x12]), /not JSON/],
    [
      'a wrong version',
      Buffer.from(JSON.stringify({ type: 'Number.v9', topic: 'numbers', key: 'x', value: 1 })),
      /not a Number/,
    ],
    ['NaN', Buffer.from(JSON.stringify({ ...number('x', 1), value: null })), /must be a number/],
  ])(
    'gives %s up at once, with its bytes',
    async (_name, value, reason) => {
      const headers = envelopeHeaders({ ...cause(), type: 'Number' });
      await bus.publish([{ topic: 'numbers', key: 'k', value, headers }]);
      await send([number('after', 1)]);
      await eventually(() => expect(heard).toHaveLength(1));
      const letters = (await adder.deadLetters.list()).filter(({ eventId }) => eventId === headers.ce_id);
      expect(letters).toMatchObject([{ attempts: 1, headers, reason: expect.stringMatching(reason) as string }]);
      expect(letters[0].value.equals(value)).toBe(true);
    },
    30_000,
  );

  it('notices when a handler swallows a database error, which would undo its work silently', async () => {
    await send([number('swallow', 1), number('beside', 1)]);
    await eventually(() => expect(heard).toEqual(['beside=1']));
    const [letter] = (await adder.deadLetters.list()).filter(({ key }) => key === 'swallow');
    expect(letter.reason).toMatch(/current transaction is aborted/);
  }, 30_000);

  it('gives a message up whose event no broker would take, so that it holds up nobody', async () => {
    await send([number('huge', 1), number('next to it', 1)]);
    await eventually(() => expect(heard).toEqual(['next to it=1']));
    const [letter] = (await adder.deadLetters.list()).filter(({ key }) => key === 'huge');
    expect(letter.reason).toMatch(
      /^a message for totals with key (huge){20} has 16777\d{3} bytes; at most 8387584 are carried$/,
    );
  }, 30_000);

  it('gives a message without an envelope up, too', async () => {
    await bus.publish([{ topic: 'numbers', key: 'k', value: Buffer.from('{}'), headers: {} }]);
    await eventually(async () => {
      const reasons = (await adder.deadLetters.list()).map(({ reason }) => reason);
      expect(reasons).toContain('header ce_specversion is missing');
    });
  }, 30_000);

  it('tries a failing message again in place', async () => {
    flakyFailures = 0;
    await send([number('flaky', 4)]);
    await eventually(() => expect(heard).toEqual(['flaky=4']));
    expect(flakyFailures).toBe(3);
  }, 30_000);

  it('waits longer for what is not there yet than for what is broken', async () => {
    readyAfter = Date.now() + 400;
    await send([number('early', 4)]);
    await eventually(() => expect(heard).toEqual(['early=4']));
  }, 30_000);

  it('sends a dead letter again, once, and it is applied when the cause is gone', async () => {
    flakyFailures = -10;
    await send([number('flaky', 1)]);
    const letter = await eventually(async () => {
      const found = (await adder.deadLetters.list()).find(({ key }) => key === 'flaky');
      return found ?? Promise.reject(new Error('not yet given up'));
    });
    flakyFailures = 100;
    expect(await adder.deadLetters.redrive([letter.id])).toEqual([letter.id]);
    expect(await adder.deadLetters.redrive([letter.id])).toEqual([]);
    await eventually(() => expect(heard).toEqual(['flaky=5']));
    expect((await adder.deadLetters.show(letter.id)).redrivenAt).toBeInstanceOf(Date);
  }, 30_000);

  it('does not blame a message for a database that went away', async () => {
    const before = await adder.deadLetters.count();
    await admin.query(`select pg_terminate_backend(pid) from pg_stat_activity
      where usename = 'allostat_adder' and application_name not like '%relay%'`);
    await send([number('storm', 1)]);
    await eventually(() => expect(heard).toEqual(['storm=1']), 20_000);
    expect(await adder.deadLetters.count()).toBe(before);
  }, 40_000);

  it('survives the loss of its relay connection', async () => {
    await admin.query(`select pg_terminate_backend(pid) from pg_stat_activity where application_name like '%relay%'`);
    await send([number('relay', 1)]);
    await eventually(() => expect(heard).toEqual(['relay=1']), 20_000);
  }, 40_000);

  it('serves health, metrics and the routes of its controllers', async () => {
    const get = async (path: string) => {
      const response = await fetch(`${adder.url}${path}`);
      return { status: response.status, text: await response.text() };
    };
    expect(await get('/health/live')).toMatchObject({ status: 200 });
    const ready = await eventually(async () => {
      const answer = await get('/health/ready');
      expect(answer.status).toBe(200);
      return JSON.parse(answer.text) as unknown;
    });
    expect(ready).toMatchObject({
      database: 'up',
      consumer: 'connected',
      partitions: [{ topic: 'numbers', lag: '0' }],
    });
    expect((await get('/metrics')).text).toMatch(
      /allostat_messages_handled_total\{topic="numbers",service="adder"\} \d+/,
    );
    expect(await get('/hello')).toEqual({ status: 200, text: 'hello' });
  }, 30_000);

  it('stays ready and keeps order while more units wait than there are connections', async () => {
    const units = Array.from({ length: 20 }, (_, i) =>
      keeper.units.run(async (unit) => {
        await unit.manager.query('select pg_sleep(0.1)');
        unit.afterCommit(() => heard.push(String(i)));
      }),
    );
    expect(await keeper.health()).toMatchObject({ status: 'ready', database: 'up' });
    await Promise.all(units);
    expect(heard).toHaveLength(20);
  }, 30_000);

  it('gives the role of a service its own schema, and no way to change the log or the migrations', async () => {
    const client = new Client({ connectionString: roleUrl(postgres.url, 'adder') });
    await client.connect();
    const refused = (statement: string) => expect(client.query(statement)).rejects.toMatchObject({ code: '42501' });
    await refused('select * from keeper.inbox');
    await refused('delete from log.record');
    await refused('drop table adder.inbox');
    await refused('delete from adder.schema_version');
    await refused('create table adder.mine (x int)');
    await refused('update artefacts.artefact set media_type = media_type');
    await client.end();
  }, 30_000);
});
