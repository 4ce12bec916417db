import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  fromBase64,
  fromHex,
  InputError,
  toBase64,
  COSIGNATURE_TYPE,
  cosignatureBytes,
  cosignedMessage,
  formatVerifierKey,
  judgeCheckpoint,
  keyIdOf,
  parseNote,
  signatureLine,
  type VerifierKey,
  type WitnessState,
} from '@allostat/kernel';
import { SigningKey, verifyEd25519 } from '@allostat/platform';
import { EXIT_REFUSED, note, printResult } from '../cli/output';
import type { GovernanceClient } from '../governance-client';
import { withGovernance, withModelLab } from '../with-governance';
import type { AuditWitnessOptions } from './audit';
import { logNamed } from './run-audit';
import { onlyKey } from './verify-bundle';

const EVERY_MS = 1000;

/** Watches a log from outside of it: co-signs what continues the history seen before, and refuses anything else. */
export async function runWitness(options: AuditWitnessOptions): Promise<void> {
  const key = SigningKey.ensureFile(options.key);
  const own: VerifierKey = { name: options.name, type: COSIGNATURE_TYPE, publicKey: key.publicKey };
  if (!/^[^\s+]+$/.test(own.name)) {
    throw new InputError(`--name ${own.name}: neither spaces nor plus signs are allowed`, { field: 'name' });
  }
  note(`public key of this witness: ${formatVerifierKey(own)}`);
  const logKey = onlyKey(options.logKey);
  const withLog = logNamed(options.log) === 'models' ? withModelLab : withGovernance;
  await withLog(options, async (client) => {
    for (;;) {
      const refused = await look({ options, client, logKey, key, own });
      if (refused || options.once) return;
      await sleep(EVERY_MS);
    }
  });
}

/** One look at the log; true when it was refused. */
async function look({
  options,
  client,
  logKey,
  key,
  own,
}: {
  options: AuditWitnessOptions;
  client: GovernanceClient;
  logKey: VerifierKey;
  key: SigningKey;
  own: VerifierKey;
}): Promise<boolean> {
  const last = readState(options.state);
  const { size, note: checkpoint } = await client.checkpoint(options.as);
  const from = last?.size ?? 0;
  const proof = from > 0 && from < size ? await client.consistency(from, size, options.as) : [];
  const request = { note: checkpoint, from, proof: proof.map(fromHex) };
  const verdict = judgeCheckpoint(request, { last, logKey, verify: verifyEd25519 });
  if (!verdict.accepted) {
    // what was refused is the evidence that a log showed two histories
    const evidence = `${options.state}.refused.json`;
    writeFileSync(evidence, JSON.stringify({ verdict, checkpoint, from, proof, last: last && stored(last) }, null, 2));
    printResult(
      { accepted: false, size, status: verdict.status, reason: verdict.reason, evidence },
      [`refused: ${verdict.reason}`, `the evidence stands in ${evidence}`],
      options,
    );
    process.exitCode = EXIT_REFUSED;
    return true;
  }
  // what was seen is kept before anything is signed, so that a crash cannot make this witness sign two histories
  writeState(options.state, verdict.state);
  const seconds = Math.floor(Date.now() / 1000);
  const text = parseNote(checkpoint)?.text as string;
  const signature = cosignatureBytes(seconds, key.sign(cosignedMessage(text, seconds)));
  await client.cosign(size, signatureLine({ name: own.name, keyId: keyIdOf(own), signature }));
  printResult(
    { accepted: true, size, origin: verdict.state.origin },
    [`co-signed the log at ${size} records`],
    options,
  );
  return false;
}

function stored({ origin, size, root }: WitnessState): Record<string, unknown> {
  return { origin, size, root: toBase64(root) };
}

function readState(file: string): WitnessState | undefined {
  if (!existsSync(file)) return undefined;
  const { origin, size, root } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  const bytes = typeof root === 'string' ? fromBase64(root) : undefined;
  if (typeof origin !== 'string' || typeof size !== 'number' || bytes?.length !== 32) {
    throw new InputError(
      `${file} is not the state of a witness`,
      { file },
      'restore it; never start from an empty one',
    );
  }
  return { origin, size, root: bytes };
}

function writeState(file: string, state: WitnessState): void {
  writeFileSync(`${file}.new`, JSON.stringify(stored(state)));
  renameSync(`${file}.new`, file);
}
