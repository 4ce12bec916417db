import { killContract } from './kill.contract';

describe('kill -9 on the Postgres log', () => killContract('postgres', Number(process.env.ALLOSTAT_TEST_ROUNDS ?? 3)));
