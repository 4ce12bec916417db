// `npm test`: installs and builds what is missing, runs every test this machine can run, says what it left out and why,
// and ends with the line `N passed, N failed, N skipped`. Arguments go to Jest; with arguments only those tests run.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepare, root } from './prepare.mjs';

prepare();
const given = process.argv.slice(2);
// what measures time comes last and alone
const runs =
  given.length > 0
    ? [given]
    : [
        ['--selectProjects', 'unit', 'integration'],
        ['--selectProjects', 'alone', '--runInBand'],
      ];
const folder = mkdtempSync(join(tmpdir(), 'allostat-test-'));
const total = { passed: 0, failed: 0, skipped: 0 };
let crashed = false;
for (const [i, args] of runs.entries()) {
  const report = join(folder, `${i}.json`);
  // a failed test may leave a server behind that would keep the run from ending
  const { status } = spawnSync('npx', ['jest', '--ci', '--forceExit', ...args, '--json', `--outputFile=${report}`], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  try {
    const result = JSON.parse(readFileSync(report, 'utf8'));
    total.passed += result.numPassedTests;
    total.failed += result.numFailedTests + result.numRuntimeErrorTestSuites;
    total.skipped += result.numPendingTests + result.numTodoTests;
    if (status !== 0 && !result.numFailedTests && !result.numRuntimeErrorTestSuites) crashed = true;
  } catch {
    crashed = true;
  }
}
rmSync(folder, { recursive: true, force: true });
if (crashed) total.failed += 1;
if (total.skipped > 0) console.log('left out: see the lines `left out:` above for what is missing here');
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed > 0 || total.passed === 0 ? 1 : 0);
