import type { Command } from 'commander';
import { ROLES } from '@allostat/contracts';

const EXAMPLES = `
Examples:
  allostat people list
  allostat people add --subject quinn@example.com --name Quinn --role committee
  allostat people add --subject olga --name Olga --role operator --local
  allostat people erase p-3f1c0a9be2d47755
`;

interface Common {
  readonly json?: boolean;
}

/** Who may call the services: the people file. */
export function registerPeople(program: Command): void {
  const people = program
    .command('people')
    .summary('who may call: list, add, erase')
    .description(
      'The people file (PEOPLE_FILE, or people.json in ALLOSTAT_HOME). Records name a person by a salted hash; name, subject and salt stand in this file only, and can be erased. Services read it when they start.',
    )
    .addHelpText('before', EXAMPLES);
  const run = async (options: Common, action: (file: typeof import('./run-people')) => Promise<void>) => {
    const { runCommand } = await import('../cli/output');
    await runCommand(options, async () => action(await import('./run-people')));
  };
  people
    .command('list')
    .description('everybody, without secrets')
    .option('--json', 'print the result as one JSON document')
    .action((options: Common) => run(options, ({ list }) => list(options)));
  people
    .command('add')
    .description('add a person; prints the id under which records name him')
    .requiredOption('--subject <subject>', 'what the identity provider calls the person')
    .requiredOption('--name <name>', 'how people call the person')
    .requiredOption('--role <role...>', `one or more of ${ROLES.join(', ')}`)
    .option('--mandate <mandate...>', 'only these mandates; default all')
    .option('--universe <universe...>', 'only these universes; default all')
    .option('--local', 'make a local account and print its token, once')
    .option('--json', 'print the result as one JSON document')
    .action((options: Common & import('./run-people').NewPerson) => run(options, ({ add }) => add(options)));
  people
    .command('erase')
    .argument('<id>', 'id of the person')
    .description('erase name, subject, salt and roles for ever; records keep the id, which nobody else gets')
    .option('--json', 'print the result as one JSON document')
    .action((id: string, options: Common) => run(options, ({ erase }) => erase(options, id)));
}
