import type { BookReported } from '../events';
import type { ReviewStatus } from '../review/review-status';

/** An instruction as governance knows it: what has become of its review. */
export interface OurInstruction {
  readonly sequence: number;
  readonly instructionId: string;
  readonly status: ReviewStatus;
}

export type Finding =
  | { readonly kind: 'unknown-to-order-system'; readonly sequence: number; readonly instructionId: string }
  | { readonly kind: 'unknown-to-us'; readonly sequence: number; readonly instructionId: string }
  | { readonly kind: 'gap'; readonly sequence: number }
  | { readonly kind: 'different-id'; readonly sequence: number; readonly ours: string; readonly theirs: string }
  | {
      readonly kind: 'different-state';
      readonly sequence: number;
      readonly instructionId: string;
      readonly ours: ReviewStatus;
      readonly theirs: string;
    };

/** The two books side by side: every released instruction is open, done or refused on both sides, or a finding. */
export interface Reconciliation {
  readonly mandateId: string;
  readonly throughSequence: number;
  readonly released: number;
  readonly open: number;
  readonly completed: number;
  readonly refused: number;
  readonly findings: readonly Finding[];
}

type TheirStatus = BookReported['lines'][number]['status'];

/** What the review of an instruction is once the order system has answered so. Both books are of one moment. */
const SAME: Readonly<Record<TheirStatus, readonly ReviewStatus[]>> = {
  received: ['acknowledged'],
  accepted: ['acknowledged'],
  'accepted-with-rounding': ['acknowledged'],
  working: ['acknowledged'],
  'partially-done': ['acknowledged'],
  'replace-pending': ['acknowledged'],
  'cancel-pending': ['acknowledged'],
  done: ['completed'],
  rejected: ['refused-by-order-system'],
  cancelled: ['refused-by-order-system'],
};

/**
 * Compares what was released with what the order system reports, by sequence, up to `throughSequence`. The report comes after
 * every answer that was sent before it, so a difference of state is one, and no delay.
 */
export function reconcile(
  ours: readonly OurInstruction[],
  report: BookReported,
  throughSequence: number,
): Reconciliation {
  const own = new Map(ours.filter(({ sequence }) => sequence <= throughSequence).map((line) => [line.sequence, line]));
  const lines = report.lines.filter(({ sequence }) => sequence <= throughSequence);
  const theirs = new Map(lines.map((line) => [line.sequence, line]));
  const findings: Finding[] = [];
  for (let sequence = 1; sequence <= throughSequence; sequence++) {
    const [our, their] = [own.get(sequence), theirs.get(sequence)];
    if (!our && !their) findings.push({ kind: 'gap', sequence });
    else if (!their)
      findings.push({
        kind: 'unknown-to-order-system',
        sequence,
        instructionId: (our as OurInstruction).instructionId,
      });
    else if (!our) findings.push({ kind: 'unknown-to-us', sequence, instructionId: their.instructionId });
    else if (our.instructionId !== their.instructionId) {
      findings.push({ kind: 'different-id', sequence, ours: our.instructionId, theirs: their.instructionId });
    } else if (!SAME[their.status].includes(our.status)) {
      const { instructionId, status } = our;
      findings.push({ kind: 'different-state', sequence, instructionId, ours: status, theirs: their.status });
    }
  }
  // one sequence twice, or one beyond what was released: nobody released that
  for (const line of report.lines) {
    const { sequence, instructionId } = line;
    if (sequence >= 1 && sequence <= throughSequence && theirs.get(sequence) === line) continue;
    if (sequence > throughSequence && ours.some((our) => our.instructionId === instructionId)) continue;
    findings.push({ kind: 'unknown-to-us', sequence, instructionId });
  }
  const count = (...statuses: ReviewStatus[]): number =>
    [...own.values()].filter(({ status }) => statuses.includes(status)).length;
  return {
    mandateId: report.mandateId,
    throughSequence,
    released: own.size,
    open: count('released', 'acknowledged'),
    completed: count('completed'),
    refused: count('refused-by-order-system'),
    findings,
  };
}

/** A finding in words. */
export function findingText(finding: Finding): string {
  switch (finding.kind) {
    case 'gap':
      return `${finding.sequence}: neither book has an instruction of this sequence`;
    case 'unknown-to-order-system':
      return `${finding.sequence}: the order system does not know ${finding.instructionId}`;
    case 'unknown-to-us':
      return `${finding.sequence}: ${finding.instructionId} was not released`;
    case 'different-id':
      return `${finding.sequence}: released was ${finding.ours}, the order system has ${finding.theirs}`;
    case 'different-state':
      return `${finding.sequence}: ${finding.instructionId} is ${finding.ours} here and ${finding.theirs} there`;
  }
}
