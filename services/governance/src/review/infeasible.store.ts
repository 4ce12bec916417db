import type { EntityManager } from 'typeorm';
import { MACHINE_MAKER, type AllocationInfeasible } from '@allostat/pipeline';

/** A decision that no weights could meet, as the audit log keeps it. */
export interface InfeasibleView {
  /** Sequence of its record in the audit log. */
  readonly sequence: number;
  readonly mandateId: string;
  /** Day of the market that the decision was due on. */
  readonly asOf: string;
  readonly at: string;
  readonly trigger: string;
  /** Smallest set of limits that exclude each other: without any one of them the rest can be met. */
  readonly conflict: readonly string[];
  /** Cheapest way out: these limits, each loosened by as much, can be met together. */
  readonly relaxation: readonly { readonly limit: string; readonly by: number }[];
  /** False once the machine has decided again on the mandate: the way out may be another now. */
  readonly stands: boolean;
}

export interface InfeasibleFilter {
  /** Mandates that the caller may see; left out, all. */
  readonly mandates?: readonly string[];
  readonly mandateId?: string;
  readonly standing?: boolean;
}

/** The longest list that is answered; older ones are read from the audit log. */
const MOST = 200;

interface Row {
  readonly sequence: string;
  readonly record: string;
  readonly stands: boolean;
}

/** Decisions that ended without weights, newest first, at most 200. */
export async function readInfeasible(
  manager: EntityManager,
  { mandates, mandateId, standing = false }: InfeasibleFilter,
): Promise<InfeasibleView[]> {
  const subjects = mandates?.map((id) => `mandate:${id}`) ?? null;
  const subject = mandateId === undefined ? null : `mandate:${mandateId}`;
  const rows = await manager.query<Row[]>(
    `select * from (
       select sequence, record, not exists (
         select 1 from audit_record later
         where later.subject = audit_record.subject and later.sequence > audit_record.sequence and later.actor = $4
           and later.action in ('allocation.infeasible', 'allocation.unchanged', 'review.opened')
       ) as stands
       from audit_record
       where action = 'allocation.infeasible'
         and ($1::text[] is null or subject = any($1)) and ($2::text is null or subject = $2)
     ) as found
     where stands or not $3::boolean
     order by sequence desc limit ${MOST}`,
    [subjects, subject, standing, MACHINE_MAKER],
  );
  return rows.map(({ sequence, record, stands }) => {
    const { at, body } = JSON.parse(record) as { readonly at: string; readonly body: AllocationInfeasible };
    const { mandateId: id, asOf, trigger, conflict, relaxation } = body;
    return { sequence: Number(sequence), mandateId: id, asOf, at, trigger, conflict, relaxation, stands };
  });
}
