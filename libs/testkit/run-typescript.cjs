// Runs a TypeScript file from source in a process of its own: node run-typescript.cjs FILE [ARGS...]
// Packages of this workspace resolve to their sources, as they do in the tests.
const { readFileSync, existsSync } = require('node:fs');
const Module = require('node:module');
const { join, resolve } = require('node:path');
const { transformSync } = require('@swc/core');

const root = resolve(__dirname, '..', '..');
const swc = JSON.parse(readFileSync(join(root, '.swcrc'), 'utf8'));
const options = { ...swc, swcrc: false, sourceMaps: 'inline' };

require.extensions['.ts'] = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, 'utf8'), { ...options, filename });
  module._compile(code, filename);
};

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
