import type { Command } from 'commander';

/** Adds what every command of a person takes: who he is, and whether the result is printed as JSON. */
export function personCommand(command: Command): Command {
  return command
    .option('--as <token>', "the person's token", process.env.ALLOSTAT_TOKEN)
    .option('--json', 'print the result as one JSON document');
}

/** Runs one function of a module that is loaded only now, with options first. */
export function runner<M extends object>(load: () => Promise<M>) {
  return async (options: object, name: keyof M & string, ...rest: readonly unknown[]): Promise<void> => {
    const { runCommand } = await import('./output');
    await runCommand(options, async () => {
      const commands = await load();
      await (commands[name] as (options: object, ...rest: readonly unknown[]) => Promise<void>)(options, ...rest);
    });
  };
}
