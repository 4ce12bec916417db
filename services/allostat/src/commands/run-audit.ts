import { readFileSync, writeFileSync } from 'node:fs';
import {
  buildReceipt,
  governance,
  logVerifierKey,
  readRotations,
  readVerifierKeys,
  verifyAudit,
  type AuditVerification,
} from '@allostat/governance';
import { AllostatError, InputError, toHex } from '@allostat/kernel';
import { MODEL_LAB } from '@allostat/model-lab';
import { formatVerifierKey, verifyReceipt, type VerifierKey } from '@allostat/pipeline';
import { People, verifyEd25519 } from '@allostat/platform';
import { EXIT_REFUSED, note, printResult } from '../cli/output';
import { Home } from '../home';
import { readOnly } from '../line/line-stages';
import { withStage } from '../line/with-stage';
import { registryKey, verifyRegistry } from '../registry-book';
import type { AuditKeyOptions, AuditReceiptOptions, AuditVerifyOptions } from './audit';

const READER = (): ReturnType<typeof readOnly> =>
  readOnly(governance({ people: new People([]), clock: { now: () => new Date().toISOString() }, commandTime: 'wall' }));

/** Recomputes the log of the home, or checks one receipt that somebody was given. */
export async function runAuditVerify(options: AuditVerifyOptions): Promise<void> {
  if (options.bundle !== undefined) return verifyBundle(options.bundle, options);
  const home = new Home();
  const logKey = options.key === undefined ? logVerifierKey(home.auditLog()) : someKeys(options.key)[0];
  const decisions = await withStage(READER(), { home }, (stage) =>
    stage.units.run((unit) => verifyAudit(unit.manager, { logKey })),
  );
  const models = await withStage(readOnly(MODEL_LAB), { home }, (stage) =>
    stage.units.run((unit) => verifyRegistry(unit.manager, registryKey(logKey))),
  );
  const verified = decisions.verified && models.verified;
  const { size, root, checkpoints, silences } = decisions;
  const firstBad = decisions.firstBad ?? models.firstBad ?? null;
  const lines = [
    ...linesOf('decisions', decisions),
    ...silences.map(({ from, to }) => `no heartbeat between ${from} and ${to}: was the service down?`),
    ...linesOf('models', models),
  ];
  const { silences: _none, ...registry } = models;
  printResult({ size, root, verified, checkpoints, silences, firstBad, models: registry }, lines, options);
  if (!verified) process.exitCode = EXIT_REFUSED;
}

function linesOf(log: string, { size, root, verified, checkpoints, firstBad }: AuditVerification): string[] {
  return verified
    ? [`${log}: ${size} records and ${checkpoints} checkpoints hold, root ${root}`]
    : [`${log}: record ${firstBad?.sequence} does not hold: ${firstBad?.reason}`];
}

function verifyBundle(file: string, options: AuditVerifyOptions): void {
  const quorum = Number(options.quorum);
  if (!Number.isInteger(quorum) || quorum < 0) {
    throw new InputError(`--quorum ${options.quorum}: it must be an integer of at least 0`, { field: 'quorum' });
  }
  const receipt = readJson(file);
  const witnessKeys = options.witnessKeys === undefined ? [] : readVerifierKeys(options.witnessKeys);
  const keys = options.key === undefined ? [logVerifierKey(new Home().auditLog())] : someKeys(options.key);
  const results = keys.map((logKey) => {
    return verifyReceipt(receipt, { logKey, witnessKeys, quorum, verify: verifyEd25519 });
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

export async function runAuditKey(options: AuditKeyOptions): Promise<void> {
  const home = new Home();
  const own = logVerifierKey(home.auditLog());
  const key = formatVerifierKey(own);
  if (options.former !== true) return printResult({ key }, [key], options);
  const rotations = await withStage(READER(), { home }, (stage) =>
    stage.units.run((unit) => readRotations(unit.manager, own.name)),
  );
  const former = rotations.map(({ from }) => formatVerifierKey(from)).reverse();
  printResult({ key, former }, [key, ...former], options);
}

export async function runAuditReceipt(proposalId: string, { out }: AuditReceiptOptions): Promise<void> {
  const receipt = await withStage(READER(), { home: new Home() }, (stage) =>
    stage.units.run((unit) => buildReceipt(unit.manager, proposalId)),
  );
  if (!receipt) {
    throw new AllostatError(
      'AUDIT.NO_RECEIPT',
      `no proposal with the id ${proposalId} is covered by a checkpoint`,
      'list them with `allostat review list`',
    );
  }
  const text = `${JSON.stringify(receipt, null, 2)}\n`;
  if (out === undefined) process.stdout.write(text);
  else {
    writeFileSync(out, text);
    note(`${out}: ${receipt.records.length} records`);
  }
}

/** The public keys of a log, present and former; throws `InputError` when there is none. */
function someKeys(file: string): readonly VerifierKey[] {
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
