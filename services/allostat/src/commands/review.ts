import type { Command } from 'commander';
import { wholeNumber } from '../cli/arguments';
import { personCommand, runner } from '../cli/person-command';

const EXAMPLES = `
Examples:
  allostat review list --as TOKEN
  allostat review show ID --as TOKEN --paper proposal.html
  allostat review approve ID --as TOKEN --reason "within budget and limits"
  allostat review evidence ID limits --as TOKEN
  allostat review oversight --as TOKEN --since 2024-01-01
  allostat review override ID --as TOKEN --reason "client's wish" --weight US_EQUITY=0.4 --weight CASH=0.6

The token may also stand in ALLOSTAT_TOKEN. Those of the demonstration's people are in ALLOSTAT_HOME/tokens.json.
`;

export function registerReview(program: Command): void {
  const review = program
    .command('review')
    .summary('the sign-off')
    .description('Lists proposals, shows one, approves, rejects or overrides it.')
    .addHelpText('before', EXAMPLES);
  const run = runner(() => import('./run-review'));
  personCommand(
    review.command('list').description('proposals, newest first').option('--status <s>', 'only those of a status'),
  ).action((options: object) => run(options, 'list'));
  personCommand(
    review
      .command('show')
      .description('one proposal')
      .argument('<id>')
      .option(
        '--paper <file>',
        'also write it as a committee reads it: one HTML file with weights, causes, risks and signatures',
      ),
  ).action((id: string, options: object) => run(options, 'show', id));
  for (const decision of ['approve', 'reject'] as const) {
    personCommand(
      review
        .command(decision)
        .description(`${decision} a proposal as it stands now`)
        .argument('<id>')
        .requiredOption('--reason <text>', 'why; kept with the decision')
        .option('--reason-code <code>', 'the reason as a code')
        .option('--function <role>', 'role to sign in; default the one that is still missing')
        .option('--on-behalf-of <person>', 'sign for somebody who delegated the role to you')
        .option('--confirm <question...>', 'statements that the tier asks you to confirm; `review show` lists them')
        .option('--evidence <part...>', 'parts of the evidence that you opened'),
    ).action((id: string, options: object) => run(options, 'decide', id, decision));
  }
  personCommand(
    review
      .command('challenge')
      .description('put a doubt on record; nobody can approve until somebody answers')
      .argument('<id>')
      .requiredOption('--topic <t>', 'data, model, risk, cost, liquidity, timing or other')
      .requiredOption('--reason <text>', 'the doubt'),
  ).action((id: string, options: object) => run(options, 'challenge', id));
  personCommand(
    review
      .command('answer')
      .description('answer a doubt of somebody else')
      .argument('<id>')
      .requiredOption('--challenge <id>', 'which; see `review show`')
      .requiredOption('--reason <text>', 'the answer'),
  ).action((id: string, options: object) => run(options, 'answer', id));
  personCommand(
    review
      .command('withdraw')
      .description('take a proposal back')
      .argument('<id>')
      .requiredOption('--reason <text>', 'why; kept'),
  ).action((id: string, options: object) => run(options, 'withdraw', id));
  personCommand(
    review
      .command('evidence')
      .description('open one part of what a proposal rests on; that you did is recorded')
      .argument('<id>')
      .argument('<part>', 'proposal, weights, rationale, risk, explanation, limits or inputs'),
  ).action((id: string, part: string, options: object) => run(options, 'evidence', id, part));
  personCommand(
    review
      .command('infeasible')
      .description('decisions that the limits left no weights for: the limits in conflict and the cheapest way out')
      .option('--mandate <id>', 'only this mandate')
      .option('--standing', 'only those that no later decision has followed'),
  ).action((options: object) => run(options, 'infeasible'));
  personCommand(
    review
      .command('oversight')
      .description('how people decide: time, evidence, objections, overrides and what they added, drills, alarms')
      .option('--since <date>', 'from this day or instant on')
      .option('--until <date>', 'before this day or instant'),
  ).action((options: object) => run(options, 'oversight'));
  personCommand(
    review
      .command('drill')
      .description("put a faulty copy of a mandate's last proposal before its reviewers; it can release nothing")
      .argument('<mandate>')
      .requiredOption('--fault <fault>', 'what is wrong with it; a wrong word lists them')
      .requiredOption('--reason <text>', 'why; kept'),
  ).action((mandate: string, options: object) => run(options, 'drill', mandate));
  personCommand(review.command('drills').description('drills and how they ended')).action((options: object) =>
    run(options, 'drills'),
  );
  personCommand(
    review
      .command('recheck')
      .description('judge a past release again, under another policy set; exit code 3 when it would be held')
      .argument('<id>')
      .option('--version <n>', 'an approved version; default the one that holds now', wholeNumber(1))
      .option('--policies <file>', 'a policy set as YAML that is only thought of'),
  ).action((id: string, options: object) => run(options, 'recheck', id));
  personCommand(
    review.command('release').description('try again to release what is approved and was held back').argument('<id>'),
  ).action((id: string, options: object) => run(options, 'release', id));
  personCommand(
    review
      .command('override')
      .description('put own weights in the place of the proposed ones; others must approve them')
      .argument('<id>')
      .requiredOption('--reason <text>', 'why; kept with the decision')
      .requiredOption('--weight <instrument=weight...>', 'decimal weight; instruments that are not named get none'),
  ).action((id: string, options: object) => run(options, 'override', id));
}
