import type { Command } from 'commander';
import { personCommand, runner } from '../cli/person-command';

const EXAMPLES = `
Examples:
  allostat committee convene investment --subject ID --as TOKEN
  allostat committee vote MEETING ID --choice against --reason "too much at once" --as TOKEN
  allostat committee minutes MEETING --text "discussed, carried" --as TOKEN
  allostat committee absent --until 2024-08-31T00:00:00Z --deputy kim --reason "on leave" --as TOKEN
`;

/** Committees, their meetings, and who is away. */
export function registerCommittee(program: Command): void {
  const committee = program
    .command('committee')
    .summary('meetings, votes and minutes; who is away')
    .description('Committees decide by vote. A committee itself is set up as a change: `allostat change propose`.')
    .addHelpText('before', EXAMPLES);
  const run = runner(() => import('./run-committee'));
  personCommand(committee.command('meetings').description('meetings, latest first')).action((options: object) =>
    run(options, 'meetings'),
  );
  personCommand(
    committee
      .command('convene')
      .description('put reviews before a committee')
      .argument('<committee>')
      .requiredOption('--subject <id...>', 'reviews to decide on'),
  ).action((id: string, options: object) => run(options, 'convene', id));
  personCommand(
    committee
      .command('vote')
      .description('vote as a member on what stands before a meeting, as it is now')
      .argument('<meeting>')
      .argument('<subject>')
      .requiredOption('--choice <c>', 'for, against or abstain')
      .option('--reason <text>', 'needed unless you are for it')
      .option('--on-behalf-of <person>', 'a member who is away and whose deputy you are'),
  ).action((meeting: string, subject: string, options: object) => run(options, 'vote', meeting, subject));
  personCommand(
    committee
      .command('minutes')
      .description('close a meeting: counts the votes and keeps what was said')
      .argument('<meeting>')
      .requiredOption('--text <text>', 'what was discussed')
      .option('--follow-up <who=date:what...>', 'what is to be done, by whom and until when'),
  ).action((meeting: string, options: object) => run(options, 'minutes', meeting));
  personCommand(
    committee
      .command('absent')
      .description('say that you are away, or as compliance or operator that somebody is')
      .requiredOption('--until <instant>', 'end of the absence')
      .option('--from <instant>', 'its beginning; default now')
      .option('--person <person>', 'who; default yourself')
      .option('--deputy <person>', 'who signs and votes in the meantime')
      .requiredOption('--reason <text>', 'why; kept'),
  ).action((options: object) => run(options, 'absent'));
  personCommand(committee.command('back').description('end an absence before its time').argument('<absence>')).action(
    (id: string, options: object) => run(options, 'back', id),
  );
}
