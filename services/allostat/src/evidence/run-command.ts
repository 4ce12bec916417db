import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT_REFUSED, printResult } from '../cli/output';
import { startProgress } from '../cli/progress';
import { readEvidenceConfig } from './evidence-config';
import { evidenceText } from './evidence-text';
import { runEvidence } from './run-evidence';

/** Runs the evidence, writes its page and figures, and says which gates are not met. */
export function runEvidenceCommand({
  config,
  out,
  json,
}: {
  readonly config: string;
  readonly out: string;
  readonly json?: boolean;
}): void {
  const progress = startProgress();
  const evidence = runEvidence(readEvidenceConfig(config), progress);
  progress.stop();
  mkdirSync(out, { recursive: true });
  const page = join(out, 'README.md');
  writeFileSync(page, evidenceText(evidence, `allostat evidence --config ${config} --out ${out}`));
  writeFileSync(join(out, 'evidence.json'), `${JSON.stringify(evidence, undefined, 1)}\n`);
  const missed = evidence.gates.filter(({ met }) => !met);
  const lines = [
    ...evidence.gates.map(
      ({ name, limit, measured, met }) => `${met ? 'met' : 'NOT MET'}  ${name}: ${measured.toFixed(4)}, ${limit}`,
    ),
    `written: ${page}`,
  ];
  printResult(evidence, lines, json === undefined ? {} : { json });
  if (missed.length > 0) process.exitCode = EXIT_REFUSED;
}
