import { describeWith, eventually, LocalBroker } from '@allostat/testkit';
import { KafkaBus } from './kafka-bus';
import type { KafkaBusOptions } from './kafka-options';

describeWith('local-broker', 'KafkaBus at a broker that asks for a login', () => {
  let broker: LocalBroker;
  beforeAll(async () => (broker = await LocalBroker.start({ user: { name: 'risk', password: 'right' } })), 90_000);
  afterAll(() => broker.stop(), 30_000);

  const options = (password: string): KafkaBusOptions => ({
    brokers: [broker.url],
    clientId: 'test',
    sasl: { mechanism: 'scram-sha-256', username: 'risk', password },
  });

  it('publishes and reads with the right password', async () => {
    const bus = await KafkaBus.connect(options('right'));
    await bus.ensureTopics([{ name: 'guarded', partitions: 1 }]);
    await bus.publish([{ topic: 'guarded', key: 'k', value: Buffer.from('x'), headers: {} }]);
    const seen: string[] = [];
    const subscription = await bus.subscribe({
      group: 'g',
      topics: ['guarded'],
      handler: ({ messages }) => Promise.resolve(void seen.push(...messages.map(({ value }) => value.toString()))),
    });
    await eventually(() => expect(seen).toEqual(['x']));
    await subscription.close();
    await bus.close();
  }, 60_000);

  it('says that the login failed, and does not tell the password', async () => {
    const error = await KafkaBus.connect(options('wrong-secret')).catch((reason: unknown) => reason as Error);
    expect(String(error)).toMatch(/authentication failed/i);
    expect(String(error)).not.toContain('wrong-secret');
  }, 60_000);
});
