// `npm start`: installs and builds what is missing, then runs every stage in one process.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { prepare, root } from './prepare.mjs';

prepare();
const child = spawn(
  process.execPath,
  [join(root, 'services/allostat/bin/allostat.js'), 'up', ...process.argv.slice(2)],
  {
    stdio: 'inherit',
  },
);
// the child hears the terminal's signals itself; wait for its orderly end
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
