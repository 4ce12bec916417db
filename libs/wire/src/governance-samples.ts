import type { DomainEvent } from '@allostat/pipeline';

const hash = (digit: string): string => digit.repeat(64);
const at = '2024-01-31T21:00:00Z';
const asOf = '2024-01-31';
const reviewed = { mandateId: 'balanced', proposalId: 'p-1', contentHash: hash('c') };
const approval = {
  actor: 'pat',
  decision: 'approve',
  reason: 'within budget and limits',
  contentHash: hash('c'),
  at,
} as const;

/** The part of the samples that governance and the order system say. */
export const GOVERNANCE_SAMPLES: readonly DomainEvent[] = [
  { type: 'ReviewOpened', ...reviewed, maker: 'optimization', requiredApprovals: 2, expiresAt: at },
  { type: 'ProposalApproved', ...reviewed, decisions: [approval] },
  {
    type: 'ProposalRejected',
    ...reviewed,
    decisions: [{ ...approval, decision: 'reject', reason: 'too much turnover' }],
  },
  { type: 'ProposalExpired', ...reviewed, expiredAt: at },
  { type: 'ProposalSuperseded', ...reviewed, supersededBy: 'p-2' },
  {
    type: 'ReviewMoved',
    ...reviewed,
    action: 'challenge',
    status: 'challenged',
    actor: 'riley',
    text: 'does the turnover pay for itself?',
    at,
  },
  {
    type: 'ReleaseHeld',
    ...reviewed,
    at,
    reasons: [{ rule: 'restricted-list', reason: 'GOLD is restricted and would be bought' }],
  },
  {
    type: 'AllocationReleased',
    instructionId: 'i-1',
    sequence: 1,
    ...reviewed,
    asOf,
    releasedAt: at,
    validUntil: '2024-02-05T21:00:00Z',
    targets: [
      { instrument: 'US_EQUITY', weight: 0.6, referencePrice: 101.25 },
      { instrument: 'GOLD', weight: 0.4, referencePrice: 99 },
    ],
    approvals: [
      { ...approval, viewed: [{ part: 'limits', hash: hash('e'), openedAt: at }], resolutions: ['meeting-1'] },
    ],
    auditHash: hash('f'),
  },
  { type: 'KillSwitchEngaged', scope: 'mandate:balanced', engaged: true, actor: 'olga', reason: 'drill', at },
  { type: 'KillAcknowledged', scope: 'mandate:balanced', mandateId: 'balanced', affected: 2, notAffected: 1, at },
  { type: 'BookRequested', requestId: 'r-1', mandateId: 'balanced', throughSequence: 7, at },
  {
    type: 'BookReported',
    requestId: 'r-1',
    mandateId: 'balanced',
    at,
    lines: [{ sequence: 1, instructionId: 'i-1', status: 'done' }],
  },
  {
    type: 'GovernanceAlarmMoved',
    sequence: 3,
    alarmId: 'a-1',
    step: 'acknowledged',
    kind: 'instruction-unacknowledged',
    severity: 'critical',
    subject: 'i-1',
    mandateId: 'balanced',
    text: 'instruction 1 of balanced is not answered for 60 seconds',
    raisedAt: at,
    at,
    actor: 'olga',
    reason: 'the desk is on the phone',
  },
  { type: 'AuditCheckpointed', log: 'governance', size: 12, root: hash('f'), note: 'governance\n12\n...\n' },
];
