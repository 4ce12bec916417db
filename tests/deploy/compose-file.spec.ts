import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { STAGES } from '@allostat/contracts';

interface Service {
  readonly image?: string;
  readonly command?: readonly string[];
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly mem_limit?: string;
  readonly ports?: readonly string[];
  readonly healthcheck?: unknown;
  readonly profiles?: readonly string[];
  readonly restart?: string;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}

const ROOT = join(__dirname, '../..');
const file = parse(readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8'), { merge: true }) as {
  services: Record<string, Service>;
};
const services = Object.entries(file.services);
const jobs = services.filter(([, { restart }]) => restart === 'no');
const lasting = services.filter(([, { restart }]) => restart !== 'no');
const ours = services.filter(([, { image }]) => image?.startsWith('allostat:'));

/** What is wrong with one service of the file. */
function faults(name: string, service: Service): string[] {
  const found: string[] = [];
  const must = (condition: boolean, text: string): void => void (condition || found.push(`${name} ${text}`));
  must(/:[^:]*\d/.test(service.image ?? '') && !/latest/.test(service.image ?? ''), 'has no pinned image');
  must(service.cap_drop?.includes('ALL') === true, 'keeps capabilities');
  must(service.security_opt?.includes('no-new-privileges:true') === true, 'may gain privileges');
  must(service.mem_limit !== undefined, 'has no memory limit');
  must(
    (service.ports ?? []).every((port) => port.startsWith('127.0.0.1:')),
    'opens a port to the network',
  );
  return found;
}

describe('docker-compose.yml', () => {
  it('is hardened in every service', () => {
    expect(services.flatMap(([name, service]) => faults(name, service))).toEqual([]);
  });

  it('gives our own services a read-only root', () => {
    expect(ours.filter(([, { read_only }]) => read_only !== true).map(([name]) => name)).toEqual([]);
  });

  it('would show a service that is not hardened', () => {
    const bad: Service = { image: 'redis:latest', ports: ['6379:6379'] };
    expect(faults('bad', bad)).toHaveLength(5);
  });

  it('has a health check for everything that lasts, and one service a stage', () => {
    expect(lasting.filter(([, { healthcheck }]) => healthcheck === undefined).map(([name]) => name)).toEqual([]);
    const names = services.map(([name]) => name);
    for (const stage of STAGES) expect(names).toContain(stage.name);
  });

  it('starts services only when the database is migrated and the topics are there', () => {
    for (const [name, { depends_on }] of ours.filter(([, { healthcheck }]) => healthcheck !== undefined)) {
      expect([name, depends_on?.['setup-database']?.condition]).toEqual([name, 'service_completed_successfully']);
      expect([name, depends_on?.['setup-topics']?.condition]).toEqual([name, 'service_completed_successfully']);
    }
    expect(jobs.map(([name]) => name).sort()).toEqual([
      'demonstration',
      'setup-database',
      'setup-people',
      'setup-topics',
    ]);
  });

  it('runs one image, not as root, whose Dockerfile pins its base', () => {
    expect(new Set(ours.map(([, { image }]) => image)).size).toBe(1);
    const dockerfile = readFileSync(join(ROOT, 'deploy/docker/Dockerfile'), 'utf8');
    expect(dockerfile).toMatch(/^FROM node:24-bookworm-slim$/m);
    expect(dockerfile).toMatch(/^USER node$/m);
  });
});
