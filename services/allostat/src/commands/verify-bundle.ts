import { readFileSync } from 'node:fs';
import { InputError, toHex, type VerifierKey } from '@allostat/kernel';
import { registryKey } from '@allostat/model-lab';
import { MODEL_RECEIPT_FORMAT, verifyModelReceipt, verifyReceipt } from '@allostat/pipeline';
import { logVerifierKey, readVerifierKeys, verifyEd25519 } from '@allostat/platform';
import { EXIT_REFUSED, printResult } from '../cli/output';
import { Home } from '../home';
import type { AuditVerifyOptions } from './audit';

/** Checks a receipt of either log with nothing but the file and public keys. */
export function verifyBundle(file: string, options: AuditVerifyOptions): void {
  const quorum = Number(options.quorum);
  if (!Number.isInteger(quorum) || quorum < 0) {
    throw new InputError(`--quorum ${options.quorum}: it must be an integer of at least 0`, { field: 'quorum' });
  }
  const receipt = readJson(file);
  const witnessKeys = options.witnessKeys === undefined ? [] : readVerifierKeys(options.witnessKeys);
  const ofModels = (receipt as { format?: unknown } | null | undefined)?.format === MODEL_RECEIPT_FORMAT;
  const verifyOne = ofModels ? verifyModelReceipt : verifyReceipt;
  const results = keysFor(options.key, ofModels).map((logKey) => {
    return verifyOne(receipt, { logKey, witnessKeys, quorum, verify: verifyEd25519 });
  });
  const result = results.find((each) => each.verified) ?? results[0];
  const { verified, fault, checkpoint, witnesses, story } = result;
  const size = checkpoint?.size ?? null;
  const root = checkpoint ? toHex(checkpoint.root) : null;
  const lines = verified
    ? [
        `the receipt holds: ${story.length} records of a log of ${size}, witnesses: ${witnesses.join(', ') || 'none'}`,
        ...story.map(({ at, actor, action }) => `${at}  ${actor}  ${action}`),
      ]
    : [`the receipt does not hold: ${fault}`];
  printResult(
    { size, root, verified, witnesses, story, firstBad: fault === undefined ? null : { reason: fault } },
    lines,
    options,
  );
  if (!verified) process.exitCode = EXIT_REFUSED;
}

function keysFor(file: string | undefined, ofModels: boolean): readonly VerifierKey[] {
  if (file !== undefined) return someKeys(file);
  const own = logVerifierKey(new Home().auditLog());
  return [ofModels ? registryKey(own) : own];
}

/** The public keys of a log, present and former; throws `InputError` when there is none. */
export function someKeys(file: string): readonly VerifierKey[] {
  const keys = readVerifierKeys(file);
  if (keys.length > 0) return keys;
  throw new InputError(`${file} holds no public key`, { file }, 'write it with `allostat audit key`');
}

/** The one public key of a file; throws `InputError` when it holds none or several. */
export function onlyKey(file: string): VerifierKey {
  const keys = readVerifierKeys(file);
  if (keys.length === 1) return keys[0];
  throw new InputError(`${file} holds ${keys.length} public keys; one is needed`, { file });
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw new InputError(`${file} cannot be read: ${(error as Error).message}`, { file });
  }
}
