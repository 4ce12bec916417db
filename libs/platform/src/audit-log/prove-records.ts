import type { EntityManager } from 'typeorm';
import { inclusionPath, toHex } from '@allostat/kernel';
import { findCheckpoint } from './checkpoint.store';
import { readRanges } from './read-nodes';

/** A record of the log with its proof, as receipts carry it. */
interface ProvenRecord {
  readonly sequence: number;
  readonly record: string;
  /** Siblings from the leaf to the root, hexadecimal. */
  readonly proof: readonly string[];
}

/**
 * Records, in the order of their sequence, with the proofs that the first checkpoint over all of them covers them. Undefined
 * when there are none, or while no checkpoint does: that takes less than a second.
 */
export async function proveRecords(
  manager: EntityManager,
  rows: readonly { readonly sequence: string; readonly record: string }[],
): Promise<{ readonly records: readonly ProvenRecord[]; readonly checkpoint: string } | undefined> {
  const last = rows.at(-1);
  const checkpoint = last && (await findCheckpoint(manager, Number(last.sequence)));
  if (!checkpoint) return undefined;
  const paths = rows.map(({ sequence }) => inclusionPath(Number(sequence) - 1, checkpoint.size));
  const hashes = await readRanges(manager, paths.flat());
  let at = 0;
  const records = rows.map(({ sequence, record }, k) => ({
    sequence: Number(sequence),
    record,
    proof: hashes.slice(at, (at += paths[k].length)).map(toHex),
  }));
  return { records, checkpoint: checkpoint.note };
}
