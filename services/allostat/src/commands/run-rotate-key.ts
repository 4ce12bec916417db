import { existsSync, renameSync } from 'node:fs';
import { governance } from '@allostat/governance';
import { AllostatError, toInstant, formatVerifierKey } from '@allostat/kernel';
import { MODEL_LAB, registryLog } from '@allostat/model-lab';
import { People, SigningKey, logVerifierKey, rotateKey } from '@allostat/platform';
import { printResult } from '../cli/output';
import { Home } from '../home';
import { readOnly } from '../line/line-stages';
import { withStage } from '../line/with-stage';
import { personOf } from '../person-of';
import type { AuditRotateOptions } from './audit';

/**
 * Puts a new key in the place of the one that signs the logs: made beside it, told of in both logs under both signatures,
 * and then moved into its place. Interrupted anywhere, it goes on where it was when it is run again.
 */
export async function runRotateKey(options: AuditRotateOptions): Promise<void> {
  const { id: actor } = personOf(options, ['operator', 'compliance']);
  const home = new Home();
  if (home.running()) {
    throw new AllostatError(
      'HOME.IN_USE',
      `process ${home.running()?.pid} signs the log with the present key`,
      'stop it, change the key, and start it again',
    );
  }
  const file = home.auditKeyFile;
  const identity = home.auditLog();
  const next = SigningKey.ensureFile(`${file}.next`);
  const by = { at: toInstant(Date.now()), actor, reason: options.reason };
  const clock = { now: () => by.at };
  const decisions = readOnly(governance({ people: new People([]), clock, commandTime: 'wall' }));
  await withStage(decisions, { home }, (stage) =>
    stage.units.run((unit) => rotateKey(unit.manager, identity, next, by)),
  );
  await withStage(readOnly(MODEL_LAB), { home }, (stage) =>
    stage.units.run((unit) => rotateKey(unit.manager, registryLog(identity), next, by)),
  );
  const former = formerFile(file);
  renameSync(file, former);
  renameSync(`${file}.next`, file);
  const key = formatVerifierKey(logVerifierKey({ ...identity, key: next }));
  printResult({ key, former }, [key, `the former key is kept in ${former}; what it signed stays good`], options);
}

/** First free name for a key that signs no more. */
function formerFile(file: string): string {
  for (let n = 1; ; n++) if (!existsSync(`${file}.former-${n}`)) return `${file}.former-${n}`;
}
