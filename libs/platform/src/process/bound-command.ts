import { spawnSync } from 'node:child_process';

let setprivWorks: boolean | undefined;

function hasSetpriv(): boolean {
  setprivWorks ??= process.platform === 'linux' && spawnSync('setpriv', ['--pdeathsig', 'KILL', 'true']).status === 0;
  return setprivWorks;
}

/** Runs the command beside a reader of our pipe; when the pipe ends, so did we, and the command gets the signal. */
const WATCHDOG = `
signal=$1; shift
exec 3<&0
"$@" </dev/null 3<&- & child=$!
( cat <&3 >/dev/null; kill -"$signal" $child ) 2>/dev/null & watch=$!
exec 3<&-
trap 'kill -"$signal" $child' INT TERM
wait $child; code=$?
while kill -0 $child 2>/dev/null; do wait $child; code=$?; done
kill $watch 2>/dev/null
exit $code`;

export interface BoundCommandOptions {
  /** Whether the kernel can do it (`setpriv --pdeathsig`); default: found out. */
  readonly setpriv?: boolean;
}

/**
 * Prefixes a command so that it is signalled when this process dies, even by SIGKILL: by the kernel where `setpriv` is
 * there, else by a shell that holds a pipe to us. The caller must give the child a pipe as standard input and leave it
 * open. On Windows the command stays as it is.
 */
export function boundCommand(
  signal: 'INT' | 'TERM' | 'KILL',
  command: readonly string[],
  { setpriv = hasSetpriv() }: BoundCommandOptions = {},
): readonly string[] {
  if (setpriv) return ['setpriv', '--pdeathsig', signal, ...command];
  if (process.platform === 'win32') return command;
  return ['sh', '-c', WATCHDOG, 'sh', signal, ...command];
}
