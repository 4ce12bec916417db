import { describeWith } from '@allostat/testkit';
import { killContract } from './kill.contract';

describeWith('kafka', 'kill -9 on Kafka', () => killContract('kafka', Number(process.env.ALLOSTAT_TEST_ROUNDS ?? 2)));
