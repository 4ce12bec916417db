import type { Command } from 'commander';
import { personCommand, runner } from '../cli/person-command';

const EXAMPLES = `
Examples:
  allostat change propose mandate my-mandate.yaml --as TOKEN --reason "lower equity limit"
  allostat change propose policies policies.yaml --as TOKEN --reason "cap on CVaR"
  allostat change approve ID --as TOKEN --reason "read and agreed"
  allostat change versions mandate balanced --as TOKEN --as-of 2024-03-03

Kinds: policies, mandate, universe, committee. The file is YAML and carries the next version.
`;

/** Versions of policies, mandates, universes and committees. */
export function registerChange(program: Command): void {
  const change = program
    .command('change')
    .summary('versions of policies, mandates, universes and committees')
    .description('Proposes a version from a file; others approve it, and then it holds.')
    .addHelpText('before', EXAMPLES);
  const run = runner(() => import('./run-change'));
  const reasoned = (command: Command, what = 'why; kept'): Command =>
    personCommand(command).requiredOption('--reason <text>', what);
  personCommand(change.command('list').description('changes, newest first')).action((options: object) =>
    run(options, 'list'),
  );
  personCommand(change.command('show').description('one change').argument('<id>')).action(
    (id: string, options: object) => run(options, 'show', id),
  );
  reasoned(
    change.command('propose').description('propose what a YAML file says').argument('<kind>').argument('<file>'),
  ).action((kind: string, file: string, options: object) => run(options, 'propose', kind, file));
  for (const decision of ['approve', 'reject'] as const) {
    reasoned(
      change
        .command(decision)
        .description(`${decision} a change as it stands now`)
        .argument('<id>')
        .option('--function <role>', 'role to sign in; default the one that is still missing'),
    ).action((id: string, options: object) => run(options, 'decide', id, decision));
  }
  reasoned(
    change
      .command('challenge')
      .description('put a doubt on record; nobody can approve until somebody answers')
      .argument('<id>')
      .requiredOption('--topic <t>', 'data, model, risk, cost, liquidity, timing or other'),
    'the doubt',
  ).action((id: string, options: object) => run(options, 'challenge', id));
  reasoned(
    change
      .command('answer')
      .description('answer a doubt of somebody else')
      .argument('<id>')
      .requiredOption('--challenge <id>', 'which; see `change show`'),
    'the answer',
  ).action((id: string, options: object) => run(options, 'answer', id));
  reasoned(change.command('withdraw').description('take your own change back').argument('<id>')).action(
    (id: string, options: object) => run(options, 'withdraw', id),
  );
  personCommand(
    change
      .command('versions')
      .description('approved versions, or the one that held at an instant')
      .argument('<kind>')
      .argument('<id>')
      .option('--as-of <instant>', 'what held then; a date means its beginning, UTC'),
  ).action((kind: string, id: string, options: object) => run(options, 'versions', kind, id));
}
