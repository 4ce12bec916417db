import { GovernanceRefusal } from '../refusal';

/** Every state a review can be in. */
export const REVIEW_STATUSES = [
  'draft',
  'submitted',
  'challenged',
  'responded',
  'approved',
  'released',
  'acknowledged',
  'completed',
  'rejected',
  'withdrawn',
  'expired',
  'superseded',
  'voided',
  'refused-by-order-system',
] as const;
export type ReviewStatus = (typeof REVIEW_STATUSES)[number];

/** Everything that can happen to a review. `finish` is the approval that completes what is required. */
export const REVIEW_ACTIONS = [
  'submit',
  'edit',
  'challenge',
  'answer',
  'approve',
  'finish',
  'reject',
  'withdraw',
  'expire',
  'supersede',
  'release',
  'acknowledge',
  'complete',
  'refuse',
] as const;
export type ReviewAction = (typeof REVIEW_ACTIONS)[number];

type Row = Readonly<Partial<Record<ReviewAction, ReviewStatus>>>;

/** What ends a review while it is open. An edit voids it: what others signed is not what stands now. */
const ENDS: Row = { reject: 'rejected', withdraw: 'withdrawn', expire: 'expired', supersede: 'superseded' };

/** The whole machine: a pair that is not here is refused. A challenge blocks approval until it is answered. */
export const REVIEW_TRANSITIONS: Readonly<Record<ReviewStatus, Row>> = {
  draft: { submit: 'submitted', edit: 'draft', withdraw: 'withdrawn', expire: 'expired', supersede: 'superseded' },
  submitted: { ...ENDS, approve: 'submitted', finish: 'approved', challenge: 'challenged', edit: 'voided' },
  challenged: { ...ENDS, answer: 'responded', challenge: 'challenged', edit: 'voided' },
  responded: { ...ENDS, approve: 'responded', finish: 'approved', challenge: 'challenged', edit: 'voided' },
  approved: { ...ENDS, release: 'released', edit: 'voided' },
  released: { acknowledge: 'acknowledged', complete: 'completed', refuse: 'refused-by-order-system' },
  acknowledged: { acknowledge: 'acknowledged', complete: 'completed', refuse: 'refused-by-order-system' },
  completed: {},
  rejected: {},
  withdrawn: {},
  expired: {},
  superseded: {},
  voided: {},
  'refused-by-order-system': {},
};

/** States in which people can still decide on a review. */
export const OPEN_STATUSES = ['submitted', 'challenged', 'responded'] as const;
export type OpenStatus = (typeof OPEN_STATUSES)[number];

export function isOpen(status: ReviewStatus): status is OpenStatus {
  return (OPEN_STATUSES as readonly string[]).includes(status);
}

/** State after an action, or a refusal that names both. */
export function nextStatus(status: ReviewStatus, action: ReviewAction): ReviewStatus {
  const next = REVIEW_TRANSITIONS[status][action];
  if (next !== undefined) return next;
  const closed = Object.keys(REVIEW_TRANSITIONS[status]).length === 0;
  const allowed = Object.keys(REVIEW_TRANSITIONS[status]).join(', ');
  throw new GovernanceRefusal(
    closed ? 'GOVERNANCE.REVIEW_CLOSED' : 'GOVERNANCE.ACTION_NOT_ALLOWED',
    `a review that is ${status} does not take "${action}"`,
    closed ? 'it has ended; only a later proposal can be decided on' : `possible now: ${allowed}`,
  );
}
