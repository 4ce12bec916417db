import type { MessageBatch, MessageBus, OutgoingMessage, ReceivedMessage, Subscription } from '@allostat/platform';
import { assertCarriable, MAX_MESSAGE_BYTES, partitionFor, sleep } from '@allostat/platform';
import { eventually } from '@allostat/testkit';

/** What the suite needs of a transport; each call of `connect` is like another process. */
export interface BusUnderTest {
  connect(): Promise<MessageBus>;
}

const message = (topic: string, key: string, value: string, headers: Record<string, string> = {}): OutgoingMessage => ({
  topic,
  key,
  value: Buffer.from(value),
  headers,
});

let serial = 0;
const fresh = (name: string) => `${name}.${process.pid}.${Date.now()}.${++serial}`;

/** Every promise of the port, run against one transport. */
export function messageBusContract(open: () => Promise<BusUnderTest>): void {
  let world: BusUnderTest;
  let bus: MessageBus;
  const buses: MessageBus[] = [];
  const connect = async () => {
    const made = await world.connect();
    buses.push(made);
    return made;
  };

  beforeAll(async () => {
    world = await open();
    bus = await connect();
  }, 120_000);
  afterAll(async () => {
    await Promise.all(buses.map((each) => each.close()));
  }, 60_000);

  const topicWith = async (partitions: number) => {
    const name = fresh('contract');
    await bus.ensureTopics([{ name, partitions, retentionMs: 3_600_000 }]);
    return name;
  };
  const collect = async (
    on: MessageBus,
    topic: string,
    group: string,
    more: { maxBatch?: number; fromBeginning?: boolean } = {},
  ) => {
    const seen: ReceivedMessage[] = [];
    const subscription = await on.subscribe({
      group,
      topics: [topic],
      handler: (batch) => {
        seen.push(...batch.messages);
        return Promise.resolve();
      },
      ...more,
    });
    return { seen, subscription };
  };
  const values = (messages: readonly ReceivedMessage[]) => messages.map(({ value }) => value.toString());

  it('carries a message as large as one may be, and the one behind it', async () => {
    const topic = await topicWith(1);
    const large = { topic, key: 'k', value: Buffer.alloc(MAX_MESSAGE_BYTES - 2048, 7), headers: {} };
    expect(() => assertCarriable(large)).not.toThrow();
    await bus.publish([large]);
    await bus.publish([message(topic, 'k', 'behind it')]);
    const { seen, subscription } = await collect(bus, topic, fresh('g'));
    await eventually(() => expect(seen).toHaveLength(2));
    expect(seen[0].value.equals(large.value)).toBe(true);
    await subscription.close();
  }, 60_000);

  it('delivers key, bytes and headers as they were sent, in the partition of the key', async () => {
    const topic = await topicWith(4);
    const value = Buffer.from([0, 255, 10, 13, 128]);
    await bus.publish([{ topic, key: 'mandate-ü', value, headers: { ce_id: '1', note: 'naïve' } }]);
    const { seen, subscription } = await collect(bus, topic, fresh('g'));
    await eventually(() => expect(seen).toHaveLength(1));
    expect(seen[0]).toMatchObject({
      topic,
      key: 'mandate-ü',
      headers: { ce_id: '1', note: 'naïve' },
      partition: partitionFor('mandate-ü', 4),
      offset: '0',
    });
    expect(Buffer.compare(seen[0].value, value)).toBe(0);
    expect(Math.abs(Date.now() - seen[0].timestamp)).toBeLessThan(60_000);
    await subscription.close();
  }, 30_000);

  it('keeps the order of a key and gives offsets without gaps', async () => {
    const topic = await topicWith(3);
    for (let i = 0; i < 10; i++) {
      await bus.publish(Array.from({ length: 30 }, (_, j) => message(topic, `k${j % 7}`, `${j % 7}:${i * 30 + j}`)));
    }
    const { seen, subscription } = await collect(bus, topic, fresh('g'), { maxBatch: 11 });
    await eventually(() => expect(seen).toHaveLength(300));
    for (let key = 0; key < 7; key++) {
      const numbers = seen.filter((m) => m.key === `k${key}`).map((m) => Number(m.value.toString().split(':')[1]));
      expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    }
    for (let partition = 0; partition < 3; partition++) {
      const offsets = seen.filter((m) => m.partition === partition).map((m) => Number(m.offset));
      expect(offsets).toEqual(offsets.map((_, i) => i));
    }
    await subscription.close();
  }, 30_000);

  it('gives batches of one partition, no larger than asked', async () => {
    const topic = await topicWith(2);
    await bus.publish(Array.from({ length: 50 }, (_, i) => message(topic, `k${i}`, String(i))));
    const batches: MessageBatch[] = [];
    const subscription = await bus.subscribe({
      group: fresh('g'),
      topics: [topic],
      maxBatch: 7,
      handler: (batch) => {
        batches.push(batch);
        return Promise.resolve();
      },
    });
    await eventually(() => expect(batches.flatMap(({ messages }) => messages)).toHaveLength(50));
    for (const { messages, partition } of batches) {
      expect(messages.length).toBeLessThanOrEqual(7);
      expect(messages.every((m) => m.partition === partition)).toBe(true);
    }
    await subscription.close();
  }, 30_000);

  it('goes on where the group stopped, and starts another group from the beginning', async () => {
    const topic = await topicWith(2);
    const group = fresh('g');
    await bus.publish([1, 2, 3].map((i) => message(topic, `k${i}`, String(i))));
    const first = await collect(bus, topic, group);
    await eventually(() => expect(first.seen).toHaveLength(3));
    await first.subscription.close();
    await bus.publish([4, 5].map((i) => message(topic, `k${i}`, String(i))));
    const second = await collect(bus, topic, group);
    const other = await collect(bus, topic, fresh('other'));
    await eventually(() => expect(values(other.seen).sort()).toEqual(['1', '2', '3', '4', '5']));
    await eventually(() => expect(values(second.seen).sort()).toEqual(['4', '5']));
    await second.subscription.close();
    await other.subscription.close();
  }, 60_000);

  it('can start a new group at the end', async () => {
    const topic = await topicWith(1);
    await bus.publish([message(topic, 'k', 'old')]);
    const { seen, subscription } = await collect(bus, topic, fresh('g'), { fromBeginning: false });
    await eventually(() => expect(subscription.assigned()).toHaveLength(1));
    await sleep(300);
    await bus.publish([message(topic, 'k', 'new')]);
    await eventually(() => expect(values(seen)).toEqual(['new']));
    await subscription.close();
  }, 30_000);

  it('repeats a batch whose handler failed, whatever it threw, and loses nothing behind it', async () => {
    const topic = await topicWith(1);
    await bus.publish([1, 2, 3].map((i) => message(topic, 'k', String(i))));
    const seen: string[] = [];
    let failures = 0;
    const subscription = await bus.subscribe({
      group: fresh('g'),
      topics: [topic],
      maxBatch: 1,
      handler: (batch) => {
        const [value] = values(batch.messages);
        if (value === '2' && failures++ < 2) throw new TypeError('a bug in a handler');
        seen.push(value);
        return Promise.resolve();
      },
    });
    await eventually(() => expect(seen).toEqual(['1', '2', '3']));
    expect(failures).toBe(3);
    await subscription.close();
  }, 30_000);

  it('does not give a message to a second member while a slow handler has it', async () => {
    const topic = await topicWith(1);
    const group = fresh('g');
    await bus.publish([message(topic, 'k', 'slow')]);
    let started = 0;
    const slow = async () => {
      started++;
      await sleep(4000);
    };
    const a = await bus.subscribe({ group, topics: [topic], handler: slow });
    await eventually(() => expect(started).toBe(1));
    const b = await (await connect()).subscribe({ group, topics: [topic], handler: slow });
    await sleep(4500);
    await a.close();
    await b.close();
    expect(started).toBe(1);
  }, 60_000);

  it('shares the partitions between members, and takes over those of one that leaves', async () => {
    const topic = await topicWith(6);
    const group = fresh('g');
    const members: { seen: ReceivedMessage[]; subscription: Subscription }[] = [];
    for (let i = 0; i < 3; i++) members.push(await collect(await connect(), topic, group));
    await eventually(() => {
      expect(members.map(({ subscription }) => subscription.assigned().length)).toEqual([2, 2, 2]);
    }, 30_000);
    await bus.publish(Array.from({ length: 60 }, (_, i) => message(topic, `k${i}`, String(i))));
    await eventually(() => expect(members.flatMap(({ seen }) => seen)).toHaveLength(60));
    for (const { seen } of members) expect(seen.length).toBeGreaterThan(0);
    await members[2].subscription.close();
    await eventually(() => {
      const counts = members.slice(0, 2).map(({ subscription }) => subscription.assigned().length);
      expect(counts).toEqual([3, 3]);
    }, 30_000);
    await bus.publish(Array.from({ length: 60 }, (_, i) => message(topic, `k${i}`, String(60 + i))));
    await eventually(() => expect(new Set(values(members.flatMap(({ seen }) => seen))).size).toBe(120));
    await members[0].subscription.close();
    await members[1].subscription.close();
  }, 90_000);

  it('tells position and end of each partition, and that nothing moves while a handler hangs', async () => {
    const topic = await topicWith(1);
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const subscription = await bus.subscribe({ group: fresh('g'), topics: [topic], maxBatch: 1, handler: () => gate });
    await bus.publish([1, 2, 3].map((i) => message(topic, 'k', String(i))));
    await eventually(() => expect(subscription.progress()).toMatchObject([{ position: 0n, end: 3n }]));
    const before = subscription.progress()[0].lastProgressAt;
    await sleep(100);
    expect(subscription.progress()[0].lastProgressAt).toBe(before);
    open();
    await eventually(() => expect(subscription.progress()).toMatchObject([{ position: 3n, end: 3n }]));
    expect(subscription.progress()[0].lastProgressAt).toBeGreaterThan(before);
    expect(subscription.isConnected()).toBe(true);
    await subscription.close();
  }, 30_000);

  it('tells how many messages a group has still to take', async () => {
    const topic = await topicWith(3);
    const group = fresh('g');
    await bus.publish(Array.from({ length: 20 }, (_, i) => message(topic, `k${i}`, String(i))));
    expect(await bus.lag(group, [topic])).toBe(20);
    const { seen, subscription } = await collect(bus, topic, group);
    await eventually(() => expect(seen).toHaveLength(20));
    await eventually(async () => expect(await bus.lag(group, [topic])).toBe(0));
    await subscription.close();
    await bus.publish([message(topic, 'k', 'one more')]);
    expect(await bus.lag(group, [topic])).toBe(1);
  }, 30_000);

  it('waits on close for the batch in work, and does not deliver it again', async () => {
    const topic = await topicWith(1);
    const group = fresh('g');
    await bus.publish([message(topic, 'k', 'x')]);
    let done = false;
    let started = false;
    const subscription = await bus.subscribe({
      group,
      topics: [topic],
      handler: async () => {
        started = true;
        await sleep(500);
        done = true;
      },
    });
    await eventually(() => expect(started).toBe(true));
    await subscription.close();
    expect(done).toBe(true);
    const again = await collect(bus, topic, group);
    await eventually(() => expect(again.subscription.assigned()).toHaveLength(1));
    await sleep(500);
    expect(again.seen).toEqual([]);
    await again.subscription.close();
  }, 30_000);

  it('refuses a topic that nobody made', async () => {
    await expect(bus.publish([message(fresh('unknown'), 'k', 'x')])).rejects.toThrow(/does not exist/);
    await expect(collect(bus, fresh('unknown'), 'g')).rejects.toThrow(/does not exist/);
  }, 30_000);

  it('answers a ping', async () => {
    await expect(bus.ping()).resolves.toBeUndefined();
  });
}
