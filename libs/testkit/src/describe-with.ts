import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { dockerAnswers } from './docker-answers';
import type { InfrastructureName } from './infrastructure';
import { KAFKA_VERSION } from './kafka/broker-jars';

const found = (command: string, ...args: string[]) => spawnSync(command, args, { timeout: 20_000 }).status === 0;
const given = (name: string) => (process.env[name] ?? '') !== '';

function jarsAtHand(): boolean {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  return existsSync(join(cache, 'allostat', `kafka-${KAFKA_VERSION}`)) || found('mvn', '--version');
}

const AVAILABLE: Readonly<Record<InfrastructureName, { test: () => boolean; needs: string }>> = {
  postgres: { test: () => true, needs: 'nothing: the embedded server is installed with the packages' },
  kafka: {
    test: () => given('ALLOSTAT_TEST_KAFKA') || (found('java', '-version') && jarsAtHand()) || dockerAnswers(),
    needs: 'ALLOSTAT_TEST_KAFKA, or Java 17 with Maven, or a container engine',
  },
  'local-broker': {
    test: () => found('java', '-version') && jarsAtHand(),
    needs: 'Java 17 with Maven',
  },
  compose: {
    test: () => dockerAnswers() && found('docker', 'compose', 'version'),
    needs: 'a container engine with docker compose',
  },
  redis: {
    test: () => given('ALLOSTAT_TEST_REDIS') || found('redis-server', '--version') || dockerAnswers(),
    needs: 'ALLOSTAT_TEST_REDIS, or redis-server, or a container engine',
  },
};

/**
 * A suite that needs infrastructure. Where it cannot be had the suite is left out and says why; with
 * ALLOSTAT_TEST_REQUIRE=all (CI) leaving out is a failure.
 */
export function describeWith(
  needs: InfrastructureName | readonly InfrastructureName[],
  title: string,
  suite: () => void,
): void {
  const missing = [needs].flat().filter((name) => !AVAILABLE[name].test());
  if (missing.length === 0) {
    describe(title, suite);
    return;
  }
  const reason = missing.map((name) => `${name} is not available (needs ${AVAILABLE[name].needs})`).join('; ');
  if (process.env.ALLOSTAT_TEST_REQUIRE === 'all') {
    describe(title, () => {
      it('has the infrastructure it needs', () => {
        throw new Error(reason);
      });
    });
    return;
  }
  console.warn(`left out: ${title}: ${reason}`);
  describe.skip(title, suite);
}
