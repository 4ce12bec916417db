import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { InfrastructureMissing } from '../infrastructure';

export const KAFKA_VERSION = '4.3.1';

const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>allostat</groupId><artifactId>test-broker</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>${KAFKA_VERSION}</version>
    </dependency>
    <!-- Without a binding the broker logs nothing, not even that it is ready. -->
    <dependency>
      <groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>1.7.36</version>
    </dependency>
  </dependencies>
</project>
`;

function javaVersion(): number | undefined {
  const { stderr, stdout, status } = spawnSync('java', ['-version'], { encoding: 'utf8' });
  const found = /version "(\d+)/.exec(`${stderr ?? ''}${stdout ?? ''}`);
  return status === 0 && found !== null ? Number(found[1]) : undefined;
}

/**
 * The folder with the broker's jars: Apache's own release from Maven, kept in the user's cache.
 * Throws `InfrastructureMissing` without Java 17, or without Maven when the cache is empty.
 */
export function brokerJars(): string {
  const version = javaVersion();
  if (version === undefined || version < 17) {
    throw new InfrastructureMissing('kafka', `Java 17 or newer is needed, found ${version ?? 'none'}`);
  }
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'allostat', `kafka-${KAFKA_VERSION}`);
  if (existsSync(cache)) return cache;
  if (spawnSync('mvn', ['--version']).status !== 0) throw new InfrastructureMissing('kafka', 'Maven was not found');
  mkdirSync(dirname(cache), { recursive: true });
  const folder = mkdtempSync(`${cache}-`);
  try {
    writeFileSync(join(folder, 'pom.xml'), POM);
    const goal = ['-B', '-ntp', '-q', 'dependency:copy-dependencies', '-DincludeScope=runtime'];
    execFileSync('mvn', [...goal, `-DoutputDirectory=${join(folder, 'jars')}`], { cwd: folder, stdio: 'pipe' });
    // Another test process may have been faster.
    if (!existsSync(cache)) renameSync(join(folder, 'jars'), cache);
  } catch (error) {
    throw new InfrastructureMissing('kafka', `Maven could not fetch the broker: ${(error as Error).message}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return cache;
}
