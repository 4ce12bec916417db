import type { Command } from 'commander';
import { personCommand, runner } from '../cli/person-command';

/** What calls a person, and who has it in hand. */
export function registerAlarm(program: Command): void {
  const alarm = program
    .command('alarm')
    .summary('what calls a person, and who has it in hand')
    .description(
      'Alarms of governance: instructions not answered, books that differ, reviews that wait, rubber stamps.',
    )
    .addHelpText(
      'before',
      '\nExamples:\n  allostat alarm list --open --as TOKEN\n  allostat alarm acknowledge ALARM --reason "the desk is asked" --as TOKEN\n',
    );
  const run = runner(() => import('./run-alarm'));
  personCommand(
    alarm
      .command('list')
      .description('alarms, latest step first')
      .option('--open', 'only those that nobody has in hand'),
  ).action((options: object) => run(options, 'list'));
  personCommand(
    alarm
      .command('acknowledge')
      .description('take an alarm in hand: it does not call again')
      .argument('<alarm>')
      .requiredOption('--reason <text>', 'why it is in hand; kept'),
  ).action((id: string, options: object) => run(options, 'acknowledge', id));
}
