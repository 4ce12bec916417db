import { Command } from 'commander';
import { registerUp } from './commands/up';

const program = new Command('allostat')
  .description('Decides what a multi-asset portfolio should hold when markets change regime, and proves it.')
  .configureHelp({ sortSubcommands: false })
  .showHelpAfterError('(see --help)')
  .exitOverride((error) => {
    process.exit(error.exitCode === 0 ? 0 : 2);
  });

registerUp(program);

void program.parseAsync();
