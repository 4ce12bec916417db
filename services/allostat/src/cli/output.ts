import { AllostatError, InputError } from '@allostat/kernel';

export interface OutputOptions {
  readonly json?: boolean;
}

/** A check or gate said no: what was asked was done, and the answer is no. */
export const EXIT_REFUSED = 3;
const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

/** Prints a result: one JSON document with `--json`, else the lines for people. */
export function printResult(result: unknown, lines: readonly string[], { json }: OutputOptions): void {
  process.stdout.write(json ? `${JSON.stringify(result)}\n` : `${lines.join('\n')}\n`);
}

/** Says something to the person at the terminal without touching the result. */
export function note(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Runs a command; an error is printed once, as text or as `{"error": ...}`, and sets the exit code. */
export async function runCommand(options: OutputOptions, command: () => Promise<void>): Promise<void> {
  try {
    await command();
  } catch (error) {
    const { code, message, hint } = describe(error);
    if (options.json) process.stdout.write(`${JSON.stringify({ error: { code, message, hint } })}\n`);
    else note(`error: ${message}${hint === undefined ? '' : `\n  ${hint}`}`);
    process.exitCode = error instanceof InputError ? EXIT_USAGE : EXIT_FAILED;
  }
}

function describe(error: unknown): { code: string; message: string; hint?: string } {
  if (error instanceof AllostatError) {
    const { code, message, hint } = error;
    return { code, message, ...(hint !== undefined && { hint }) };
  }
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return { code: 'INTERNAL', message, hint: `this is a fault of the program; please report it with:\n${stack}` };
}
