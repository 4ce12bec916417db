import { readFileSync } from 'node:fs';
import { InputError, parseVerifierKey, type VerifierKey } from '@allostat/kernel';
import type { AuditedBook } from './audited-book';
import type { AuditLogIdentity } from './checkpoint.store';

/** What the audit log signs with, and who may co-sign its checkpoints. */
export class AuditSettings {
  constructor(
    /** Without it nothing is signed: for tools that only read. */
    readonly identity: AuditLogIdentity | undefined,
    readonly witnesses: readonly VerifierKey[],
    /** What the log tells of tables, afresh for each verification. */
    readonly book: () => AuditedBook,
  ) {}
}

/** Public keys, one a line (`name+hint+key`); throws `InputError` naming the line that is none. */
export function readVerifierKeys(file: string): VerifierKey[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line, k) => {
      if (line.trim() === '') return [];
      const key = parseVerifierKey(line);
      if (key === undefined) {
        throw new InputError(`${file}, line ${k + 1}: not a public key of the form name+hint+key`, {
          file,
          row: k + 1,
        });
      }
      return [key];
    });
}
