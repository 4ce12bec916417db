// Compiles dense.ts.as with AssemblyScript 0.28.20 and writes it as base64 into src/linalg/dense-module.ts.
// Needed only when the kernels change: ASC=path/to/asc.js node libs/quant/kernels/build.mjs (or npx fetches the compiler).
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'allostat-kernels-'));
const source = join(work, 'dense.ts');
const module = join(work, 'dense.wasm');
copyFileSync(join(here, 'dense.ts.as'), source);
const flags = [
  source,
  '-O3',
  '--noAssert',
  '--runtime',
  'stub',
  '--enable',
  'simd',
  '--initialMemory',
  '1',
  '-o',
  module,
];
const asc = process.env.ASC;
if (asc) execFileSync(process.execPath, [asc, ...flags], { stdio: 'inherit' });
else execFileSync('npx', ['--yes', '--package', 'assemblyscript@0.28.20', 'asc', ...flags], { stdio: 'inherit' });
const base64 = readFileSync(module).toString('base64');
const lines = base64.match(/.{1,100}/g).map((line) => `  '${line}',`);
writeFileSync(
  join(here, '..', 'src', 'linalg', 'dense-module.ts'),
  `/** The WebAssembly module of \`kernels/dense.ts.as\`; written by \`kernels/build.mjs\`, not by hand. */\nexport const denseModuleBase64 = [\n${lines.join('\n')}\n].join('');\n`,
);
rmSync(work, { recursive: true });
