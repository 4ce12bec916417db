import { createMessageBus, migrate } from '@allostat/platform';
import { startPostgres, type Infrastructure } from '@allostat/testkit';
import { messageBusContract } from './message-bus.contract';

describe('the Postgres log keeps the contract of the message bus', () => {
  let postgres: Infrastructure;

  messageBusContract(async () => {
    postgres = await startPostgres();
    await migrate({ adminUrl: postgres.url, stages: [] });
    return { connect: () => createMessageBus({ kind: 'postgres', url: postgres.url, heartbeatMs: 200 }) };
  });

  afterAll(() => postgres.stop(), 30_000);
});
