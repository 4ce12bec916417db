import { spawnSync } from 'node:child_process';

let setprivWorks: boolean | undefined;

function hasSetpriv(): boolean {
  setprivWorks ??= process.platform === 'linux' && spawnSync('setpriv', ['--pdeathsig', 'KILL', 'true']).status === 0;
  return setprivWorks;
}

/**
 * Prefixes a command so that the kernel signals it when this process dies, even by SIGKILL.
 * Where `setpriv` is missing a shell holds a pipe to us and passes the signal on when the pipe breaks
 * (the caller must then give the child a pipe as standard input and keep it open).
 */
export function boundCommand(signal: 'INT' | 'TERM' | 'KILL', command: readonly string[]): readonly string[] {
  if (hasSetpriv()) return ['setpriv', '--pdeathsig', signal, ...command];
  if (process.platform === 'win32') return command;
  const script = `exec 3<&0; "$@" </dev/null 3<&- & child=$!
    ( cat <&3 >/dev/null; kill -${signal} $child 2>/dev/null ) & exec 3<&-
    trap 'kill -${signal} $child' INT TERM; wait $child; code=$?; while kill -0 $child 2>/dev/null; do wait $child; code=$?; done; exit $code`;
  return ['sh', '-c', script, 'sh', ...command];
}
