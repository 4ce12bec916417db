// Runs a TypeScript file from source in a process of its own: node run-typescript.cjs FILE [ARGS...]
// Packages of this workspace resolve to their sources, as they do in the tests.
const { createHash } = require('node:crypto');
const { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const Module = require('node:module');
const { join, resolve } = require('node:path');

const root = resolve(__dirname, '..', '..');
const swc = JSON.parse(readFileSync(join(root, '.swcrc'), 'utf8'));
const options = { ...swc, swcrc: false, sourceMaps: 'inline' };

// what is compiled is kept under a hash of all that it was made from: the line's processes start many times in a run
const kept = join(root, 'node_modules', '.cache', 'allostat-typescript');
mkdirSync(kept, { recursive: true });
const version = JSON.stringify([require('@swc/core/package.json').version, options]);

function compile(filename) {
  const source = readFileSync(filename, 'utf8');
  const hash = createHash('sha256').update(version).update(filename).update(source).digest('hex');
  const file = join(kept, `${hash}.js`);
  if (existsSync(file)) return readFileSync(file, 'utf8');
  const { transformSync } = require('@swc/core');
  const { code } = transformSync(source, { ...options, filename });
  // written aside and moved: another process may be at the same file
  writeFileSync(`${file}.${process.pid}`, code);
  renameSync(`${file}.${process.pid}`, file);
  return code;
}

require.extensions['.ts'] = (module, filename) => module._compile(compile(filename), filename);

const resolveFilename = Module._resolveFilename;
Module._resolveFilename = function (request, parent, ...rest) {
  const [, name, path] = /^@allostat\/([^/]+)(?:\/(.+))?$/.exec(request) ?? [];
  if (name !== undefined) {
    const folder = ['libs', 'services'].map((kind) => join(root, kind, name, 'src')).find(existsSync);
    if (folder !== undefined) return resolveFilename.call(this, join(folder, path ?? 'index.ts'), parent, ...rest);
  }
  return resolveFilename.call(this, request, parent, ...rest);
};

const [, , file, ...args] = process.argv;
process.argv = [process.argv[0], resolve(file), ...args];
require(resolve(file));
