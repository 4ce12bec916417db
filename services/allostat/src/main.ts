import { Command } from 'commander';
import { registerAlarm } from './commands/alarm';
import { registerAllocate } from './commands/allocate';
import { registerAudit } from './commands/audit';
import { registerBench } from './commands/bench';
import { registerBacktest } from './commands/backtest';
import { registerChange } from './commands/change';
import { registerCommittee } from './commands/committee';
import { registerDemonstrate } from './commands/demonstrate';
import { registerDlq } from './commands/dlq';
import { registerEvidence } from './commands/evidence';
import { registerIngest } from './commands/ingest';
import { registerInspect } from './commands/inspect';
import { registerJob } from './commands/job';
import { registerKill } from './commands/kill';
import { registerLineage } from './commands/lineage';
import { registerModel } from './commands/model';
import { registerMonthRegimes } from './commands/month-regimes';
import { registerOms } from './commands/oms';
import { registerPeople } from './commands/people';
import { registerQuarantine } from './commands/quarantine';
import { registerRegime } from './commands/regime';
import { registerReplay } from './commands/replay';
import { registerReview } from './commands/review';
import { registerSentiment } from './commands/sentiment';
import { registerSetup } from './commands/setup';
import { registerSignals } from './commands/signals';
import { registerSimulate } from './commands/simulate';
import { registerUp } from './commands/up';

const program = new Command('allostat')
  .description('Decides what a multi-asset portfolio should hold when markets change regime, and proves it.')
  .addHelpText(
    'before',
    `Examples:
  allostat up --once --approve pilot       the demonstration market, from prices to signed instructions
  allostat ingest FILE --profile P.yaml    read your own data in
  allostat review list --as TOKEN          what waits to be signed
  allostat COMMAND --help                  more, with examples
`,
  )
  .configureHelp({ sortSubcommands: false })
  .showHelpAfterError('(see --help)')
  .exitOverride((error) => {
    process.exit(error.exitCode === 0 ? 0 : 2);
  });

for (const register of [
  registerUp,
  registerSimulate,
  registerIngest,
  registerInspect,
  registerQuarantine,
  registerAllocate,
  registerBacktest,
  registerEvidence,
  registerSignals,
  registerSentiment,
  registerRegime,
  registerMonthRegimes,
  registerReview,
  registerCommittee,
  registerChange,
  registerModel,
  registerJob,
  registerKill,
  registerAlarm,
  registerAudit,
  registerReplay,
  registerLineage,
  registerOms,
  registerDlq,
  registerBench,
  registerPeople,
  registerSetup,
  registerDemonstrate,
]) {
  register(program);
}

void program.parseAsync();
