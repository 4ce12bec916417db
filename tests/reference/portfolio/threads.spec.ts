import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { createRng, sha256Hex } from '@allostat/kernel';
import { hierarchicalRiskParity, optimizePortfolio, returnPanel, sampleCovariance } from '@allostat/quant';

const root = join(__dirname, '..', '..', '..');

/** Compiles TypeScript of the workspace on the way in, then does the same work as `hashOfWork`. */
const workerCode = `
const { readFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const Module = require('node:module');
const { join } = require('node:path');
const { parentPort, workerData } = require('node:worker_threads');
const load = createRequire(join(workerData.root, 'package.json'));
const { transformSync } = load('@swc/core');
const options = JSON.parse(readFileSync(join(workerData.root, '.swcrc'), 'utf8'));
Module._extensions['.ts'] = (module, file) =>
  module._compile(transformSync(readFileSync(file, 'utf8'), { ...options, swcrc: false, sourceMaps: false, filename: file }).code, file);
const resolve = Module._resolveFilename;
Module._resolveFilename = (request, ...rest) => {
  const own = /^@allostat\\/(\\w+)$/.exec(request);
  return own ? join(workerData.root, 'libs', own[1], 'src', 'index.ts') : resolve.call(Module, request, ...rest);
};
const quant = load(join(workerData.root, 'libs/quant/src/index.ts'));
const { sha256Hex } = load(join(workerData.root, 'libs/kernel/src/index.ts'));
const panel = quant.returnPanel(workerData.assets, workerData.values);
const tree = quant.hierarchicalRiskParity(quant.sampleCovariance(panel));
const program = quant.optimizePortfolio({ assets: panel.assets, returns: panel, objective: { cvar: 1, cdar: 0.3, variance: 2 } });
parentPort.postMessage(sha256Hex(JSON.stringify([Array.from(tree.weights), Array.from(program.weights), program.objective])));
`;

const rng = createRng(41);
const assets = Array.from({ length: 30 }, (_, i) => `T${i}`);
const values = Array.from({ length: 400 }).flatMap(() => {
  const market = rng.normal();
  return assets.map((_, i) => 0.005 * (1 + (i % 5)) * (0.5 * market + rng.normal()));
});

function hashOfWork(): string {
  const panel = returnPanel(assets, values);
  const tree = hierarchicalRiskParity(sampleCovariance(panel));
  const program = optimizePortfolio({ assets, returns: panel, objective: { cvar: 1, cdar: 0.3, variance: 2 } });
  if (tree.status !== 'allocated' || program.status !== 'optimal') throw new Error('not solved');
  return sha256Hex(JSON.stringify([Array.from(tree.weights), Array.from(program.weights), program.objective]));
}

function hashFromWorker(): Promise<string> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(workerCode, { eval: true, workerData: { root, assets, values } });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

describe('the same input', () => {
  it('gives the same bits on repeated runs, in one worker thread and in two at once', async () => {
    const here = hashOfWork();
    expect(hashOfWork()).toBe(here);
    expect(await hashFromWorker()).toBe(here);
    expect(await Promise.all([hashFromWorker(), hashFromWorker()])).toEqual([here, here]);
  }, 60_000);
});
