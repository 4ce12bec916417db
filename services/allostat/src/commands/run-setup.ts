import { toInstant } from '@allostat/kernel';
import { busOptions, createMessageBus, migrate, People, readConfig, SERVICE_CONFIG } from '@allostat/platform';
import { printResult, type OutputOptions } from '../cli/output';
import { Home } from '../home';
import { lineStages } from '../line/line-stages';
import { servicePassword } from '../line/service-logins';
import { topicSpecs } from '../line/topic-specs';

export const SETUP_JOBS = { database: setupDatabase, topics: setupTopics, people: setupPeople } as const;

async function setupDatabase(options: OutputOptions): Promise<void> {
  const { DATABASE_URL } = readConfig(SERVICE_CONFIG, process.env);
  const clock = { now: () => toInstant(Date.now()) };
  const stages = lineStages({ people: new People([]), clock, commandTime: 'wall' });
  const explicit = stages.some(({ name }) => servicePassword(name) !== undefined);
  await migrate({ adminUrl: DATABASE_URL, stages, ...(explicit && { rolePassword: servicePassword }) });
  const schemas = stages.map(({ name }) => name);
  printResult({ schemas }, [`the database is ready for ${schemas.join(', ')}`], options);
}

async function setupTopics(options: OutputOptions): Promise<void> {
  const bus = await createMessageBus(busOptions(readConfig(SERVICE_CONFIG, process.env), 'setup'));
  try {
    const specs = topicSpecs();
    await bus.ensureTopics(specs);
    printResult({ topics: specs.map(({ name }) => name) }, [`${specs.length} topics are there`], options);
  } finally {
    await bus.close();
  }
}

async function setupPeople(options: OutputOptions): Promise<void> {
  const home = new Home();
  const { file, tokens } = home.people();
  home.auditLog();
  printResult(
    { file, people: Object.keys(tokens) },
    [`${Object.keys(tokens).join(', ')} may sign; see ${file}`],
    options,
  );
}
