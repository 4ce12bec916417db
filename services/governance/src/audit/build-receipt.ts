import type { EntityManager } from 'typeorm';
import { toHex } from '@allostat/kernel';
import { inclusionPath, RECEIPT_FORMAT, type DecisionReceipt } from '@allostat/pipeline';
import { AuditRecordEntity } from './audit-record.entity';
import { findCheckpoint } from './checkpoint.store';
import { readRanges } from './read-nodes';

/**
 * Everything about one decision with its proofs, or undefined for a proposal that is not known here or not yet covered by a
 * checkpoint (that takes less than a second).
 */
export async function buildReceipt(manager: EntityManager, proposalId: string): Promise<DecisionReceipt | undefined> {
  const [review]: { proposal: Record<string, unknown> }[] = await manager.query(
    'select proposal from review where proposal_id = $1',
    [proposalId],
  );
  if (!review) return undefined;
  const [instruction]: { instruction_id: string; body: Record<string, unknown> }[] = await manager.query(
    'select instruction_id, body from instruction where proposal_id = $1',
    [proposalId],
  );
  const records = await manager
    .createQueryBuilder(AuditRecordEntity, 'a')
    .where('a.reference in (:...ids)', { ids: [proposalId, ...(instruction ? [instruction.instruction_id] : [])] })
    .orderBy('a.sequence')
    .getMany();
  const last = records.at(-1);
  const checkpoint = last && (await findCheckpoint(manager, Number(last.sequence)));
  if (!checkpoint) return undefined;
  const paths = records.map(({ sequence }) => inclusionPath(Number(sequence) - 1, checkpoint.size));
  const hashes = await readRanges(manager, paths.flat());
  let at = 0;
  return {
    format: RECEIPT_FORMAT,
    proposalId,
    proposal: review.proposal,
    instruction: instruction?.body ?? null,
    records: records.map(({ sequence, record }, k) => ({
      sequence: Number(sequence),
      record,
      proof: hashes.slice(at, (at += paths[k].length)).map(toHex),
    })),
    checkpoint: checkpoint.note,
  };
}
