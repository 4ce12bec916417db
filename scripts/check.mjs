// `npm run check`: what must hold before tests: generated files are current, format, lint, types, contracts.
import { spawnSync } from 'node:child_process';
import { prepare, root, run } from './prepare.mjs';

prepare();
const generated = ['libs/contracts/src/gen', 'docs/asyncapi.yaml', 'docs/openapi.yaml', 'services/README.md'];
const fingerprint = () => spawnSync('git', ['hash-object', ...files()], { cwd: root, encoding: 'utf8' }).stdout;
const files = () =>
  spawnSync('git', ['ls-files', ...generated], { cwd: root, encoding: 'utf8' })
    .stdout.trim()
    .split('\n');

const step = (name, command, ...args) => {
  console.log(`check: ${name}`);
  run(command, args);
};
const before = fingerprint();
step('generate', 'npm', 'run', '--silent', 'generate');
if (fingerprint() !== before) {
  console.error(`generated files were not current; commit the changes in ${generated.join(', ')}`);
  process.exit(1);
}
step('format', 'npm', 'run', '--silent', 'format:check');
step('lint', 'npm', 'run', '--silent', 'lint');
step('types', 'npm', 'run', '--silent', 'types');
step('contracts: style', 'npx', 'buf', 'lint');
step('contracts: nothing breaks', 'npx', 'buf', 'breaking', '--against', 'proto/released.binpb');
console.log('check: all good');
