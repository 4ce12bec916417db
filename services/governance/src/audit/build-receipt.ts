import type { EntityManager } from 'typeorm';
import { RECEIPT_FORMAT, type DecisionReceipt } from '@allostat/pipeline';
import { AuditRecordEntity, proveRecords } from '@allostat/platform';

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
  const proven = await proveRecords(manager, records);
  return (
    proven && {
      format: RECEIPT_FORMAT,
      proposalId,
      proposal: review.proposal,
      instruction: instruction?.body ?? null,
      ...proven,
    }
  );
}
