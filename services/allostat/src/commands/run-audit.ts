import { writeFileSync } from 'node:fs';
import { buildReceipt, governance, GovernanceBook } from '@allostat/governance';
import { AllostatError, formatVerifierKey, InputError, type VerifierKey } from '@allostat/kernel';
import { buildModelReceipt, MODEL_LAB, RegistryBook, registryKey } from '@allostat/model-lab';
import type { DomainEvent } from '@allostat/pipeline';
import {
  logVerifierKey,
  People,
  readRotations,
  verifyAudit,
  type AuditedBook,
  type AuditVerification,
  type StageDefinition,
  type UnitOfWork,
} from '@allostat/platform';
import { note, printResult, EXIT_REFUSED } from '../cli/output';
import { Home } from '../home';
import { readOnly } from '../line/line-stages';
import { withStage } from '../line/with-stage';
import type { AuditKeyOptions, AuditReceiptOptions, AuditVerifyOptions } from './audit';
import { someKeys, verifyBundle } from './verify-bundle';

/** An audit log as these commands see it: who keeps it, under which name, and what it tells of. */
interface ReadLog {
  readonly definition: () => StageDefinition;
  readonly keyOf: (home: VerifierKey) => VerifierKey;
  readonly book: () => AuditedBook;
}

const LOGS: Readonly<Record<'governance' | 'models', ReadLog>> = {
  governance: {
    definition: () =>
      governance({ people: new People([]), clock: { now: () => new Date().toISOString() }, commandTime: 'wall' }),
    keyOf: (key) => key,
    book: () => new GovernanceBook(),
  },
  models: { definition: () => MODEL_LAB, keyOf: registryKey, book: () => new RegistryBook() },
};

/** The log that an option names; throws `InputError` for a name that none has. */
export function logNamed(name: string): keyof typeof LOGS {
  if (name === 'governance' || name === 'models') return name;
  throw new InputError(`--log ${name}: use governance or models`, { field: 'log' });
}

function readLog<T>(log: ReadLog, work: (unit: UnitOfWork<DomainEvent>) => Promise<T>): Promise<T> {
  return withStage(readOnly(log.definition()), { home: new Home() }, (stage) => stage.units.run(work));
}

/** Recomputes the logs of the home, or checks one receipt that somebody was given. */
export async function runAuditVerify(options: AuditVerifyOptions): Promise<void> {
  if (options.bundle !== undefined) return verifyBundle(options.bundle, options);
  const own = options.key === undefined ? logVerifierKey(new Home().auditLog()) : someKeys(options.key)[0];
  const verify = ({ keyOf, ...log }: ReadLog): Promise<AuditVerification> =>
    readLog({ keyOf, ...log }, (unit) => verifyAudit(unit.manager, { logKey: keyOf(own), book: log.book() }));
  if (options.log !== undefined) {
    const name = logNamed(options.log);
    const result = await verify(LOGS[name]);
    printResult({ log: name, ...result, firstBad: result.firstBad ?? null }, linesOf(name, result), options);
    if (!result.verified) process.exitCode = EXIT_REFUSED;
    return;
  }
  const decisions = await verify(LOGS.governance);
  const models = await verify(LOGS.models);
  const verified = decisions.verified && models.verified;
  const { size, root, checkpoints, silences } = decisions;
  const firstBad = decisions.firstBad ?? models.firstBad ?? null;
  const lines = [...linesOf('decisions', decisions), ...linesOf('models', models)];
  printResult({ size, root, verified, checkpoints, silences, firstBad, models }, lines, options);
  if (!verified) process.exitCode = EXIT_REFUSED;
}

function linesOf(log: string, { size, root, verified, checkpoints, silences, firstBad }: AuditVerification): string[] {
  return [
    verified
      ? `${log}: ${size} records and ${checkpoints} checkpoints hold, root ${root}`
      : `${log}: record ${firstBad?.sequence} does not hold: ${firstBad?.reason}`,
    ...silences.map(({ from, to }) => `${log}: no heartbeat between ${from} and ${to}: was the service down?`),
  ];
}

export async function runAuditKey(options: AuditKeyOptions): Promise<void> {
  const log = LOGS[logNamed(options.log)];
  const own = log.keyOf(logVerifierKey(new Home().auditLog()));
  const key = formatVerifierKey(own);
  if (options.former !== true) return printResult({ key }, [key], options);
  const rotations = await readLog(log, (unit) => readRotations(unit.manager, own.name));
  const former = rotations.map(({ from }) => formatVerifierKey(from)).reverse();
  printResult({ key, former }, [key, ...former], options);
}

export async function runAuditReceipt(id: string, { out, log }: AuditReceiptOptions): Promise<void> {
  const ofModels = logNamed(log) === 'models';
  const receipt = ofModels
    ? await readLog(LOGS.models, (unit) => buildModelReceipt(unit.manager, id))
    : await readLog(LOGS.governance, (unit) => buildReceipt(unit.manager, id));
  if (!receipt) {
    throw new AllostatError(
      'AUDIT.NO_RECEIPT',
      `no ${ofModels ? 'change' : 'proposal'} with the id ${id} is covered by a checkpoint`,
      ofModels ? 'its id stands in `allostat model history`' : 'list them with `allostat review list`',
    );
  }
  const text = `${JSON.stringify(receipt, null, 2)}\n`;
  if (out === undefined) process.stdout.write(text);
  else {
    writeFileSync(out, text);
    note(`${out}: ${receipt.records.length} records`);
  }
}
