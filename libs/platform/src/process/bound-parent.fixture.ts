import { spawn } from 'node:child_process';
import { boundCommand } from './bound-command';

// A process that starts a child that would outlive it, says which process that is, and waits to be killed.
const setpriv = process.argv[2] === 'setpriv';
const [command, ...args] = boundCommand('TERM', ['sh', '-c', 'echo $$; exec sleep 600'], { setpriv });
const child = spawn(command, args, { stdio: ['pipe', 'inherit', 'inherit'], detached: true });
child.unref();
setInterval(() => undefined, 1000);
