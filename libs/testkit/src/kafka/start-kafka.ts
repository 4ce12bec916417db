import { InfrastructureMissing, type Infrastructure } from '../infrastructure';
import { dockerAnswers } from '../docker-answers';
import { startContainerBroker } from './container-broker';
import { LocalBroker } from './local-broker';

/**
 * A real Kafka broker for one suite: ALLOSTAT_TEST_KAFKA (`host:port`, comma separated), else a local one, else a
 * container. Throws `InfrastructureMissing` when none is possible.
 */
export async function startKafka(): Promise<Infrastructure> {
  const given = process.env.ALLOSTAT_TEST_KAFKA;
  if (given !== undefined && given !== '') return { url: given, stop: () => Promise.resolve() };
  try {
    return await LocalBroker.start();
  } catch (error) {
    if (!(error instanceof InfrastructureMissing) || !dockerAnswers()) throw error;
    return startContainerBroker();
  }
}
