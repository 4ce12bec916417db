import {
  AuditCheckpointedSchema,
  KillAcknowledgedSchema,
  KillSwitchEngagedSchema,
  ProposalApprovedSchema,
  ProposalExpiredSchema,
  ProposalRejectedSchema,
  ProposalSupersededSchema,
  ReleaseHeldSchema,
  ReviewMovedSchema,
  ReviewOpenedSchema,
  ReviewStateSchema,
  ReviewStepSchema,
  ReviewTierSchema,
  VerdictSchema,
  type ReviewDecision as DecisionMessage,
} from '@allostat/contracts';
import type { ReviewDecision, ReviewMoved, ReviewStatus, Tier } from '@allostat/pipeline';
import { eventMapper } from './event-mapper';
import { enumNumber, optional, type FieldReader } from './field-reader';

interface ReviewedFields {
  readonly mandateId: string;
  readonly proposalId: string;
  readonly contentHash: string;
}

const reviewedFromWire = (message: ReviewedFields, read: FieldReader): ReviewedFields => ({
  mandateId: read.text('mandate_id', message.mandateId),
  proposalId: read.text('proposal_id', message.proposalId),
  contentHash: read.hash('content_hash', message.contentHash),
});

export const decisionToWire = ({ answers, evidence, viewed, resolutions, ...decision }: ReviewDecision) => ({
  ...decision,
  decision: enumNumber(VerdictSchema, decision.decision),
  // protobuf does not tell an empty map from none, nor in which order it was filled
  ...optional('answers', answers, (given) =>
    Object.fromEntries(
      Object.keys(given)
        .sort()
        .map((key) => [key, given[key]]),
    ),
  ),
  ...optional('evidence', evidence, (seen) => [...seen]),
  ...optional('resolutions', resolutions, (meetings) => [...meetings]),
  ...optional('viewed', viewed, (views) => views.map((view) => ({ ...view }))),
});

export const decisionFromWire = (message: DecisionMessage, read: FieldReader): ReviewDecision => ({
  actor: read.text('decisions.actor', message.actor),
  decision: read.enumName('decisions.decision', VerdictSchema, message.decision),
  reason: read.text('decisions.reason', message.reason),
  contentHash: read.hash('decisions.content_hash', message.contentHash),
  at: read.instant('decisions.at', message.at),
  ...optional('function', message.function),
  ...optional('onBehalfOf', message.onBehalfOf),
  ...optional('reasonCode', message.reasonCode),
  ...(Object.keys(message.answers).length > 0 && { answers: { ...message.answers } }),
  ...(message.evidence.length > 0 && { evidence: message.evidence }),
  ...(message.viewed.length > 0 && {
    viewed: message.viewed.map((view) => ({
      part: read.text('decisions.viewed.part', view.part),
      hash: read.hash('decisions.viewed.hash', view.hash),
      openedAt: read.instant('decisions.viewed.opened_at', view.openedAt),
    })),
  }),
  ...optional('authentication', message.authentication),
  ...(message.resolutions.length > 0 && { resolutions: message.resolutions }),
});

export const reviewOpened = eventMapper({
  type: 'ReviewOpened',
  topic: 'governance.decision.v1',
  schema: ReviewOpenedSchema,
  key: (event) => event.mandateId,
  toWire: ({ tier, functions, ...event }) => ({
    ...event,
    ...optional('tier', tier, (name) => enumNumber(ReviewTierSchema, name)),
    ...optional('functions', functions, (names) => [...names]),
  }),
  fromWire: (message, read) => ({
    type: 'ReviewOpened',
    ...reviewedFromWire(message, read),
    maker: read.text('maker', message.maker),
    requiredApprovals: read.between('required_approvals', message.requiredApprovals, 1, 100),
    expiresAt: read.instant('expires_at', message.expiresAt),
    ...(message.tier !== 0 && { tier: read.enumName<Tier>('tier', ReviewTierSchema, message.tier) }),
    ...(message.functions.length > 0 && { functions: message.functions }),
  }),
});

export const proposalApproved = eventMapper({
  type: 'ProposalApproved',
  topic: 'governance.decision.v1',
  schema: ProposalApprovedSchema,
  key: (event) => event.mandateId,
  toWire: (event) => ({ ...event, decisions: event.decisions.map(decisionToWire) }),
  fromWire: (message, read) => ({
    type: 'ProposalApproved',
    ...reviewedFromWire(message, read),
    decisions: message.decisions.map((decision) => decisionFromWire(decision, read)),
  }),
});

export const proposalRejected = eventMapper({
  type: 'ProposalRejected',
  topic: 'governance.decision.v1',
  schema: ProposalRejectedSchema,
  key: (event) => event.mandateId,
  toWire: (event) => ({ ...event, decisions: event.decisions.map(decisionToWire) }),
  fromWire: (message, read) => ({
    type: 'ProposalRejected',
    ...reviewedFromWire(message, read),
    decisions: message.decisions.map((decision) => decisionFromWire(decision, read)),
  }),
});

export const proposalExpired = eventMapper({
  type: 'ProposalExpired',
  topic: 'governance.decision.v1',
  schema: ProposalExpiredSchema,
  key: (event) => event.mandateId,
  toWire: (event) => ({ ...event }),
  fromWire: (message, read) => ({
    type: 'ProposalExpired',
    ...reviewedFromWire(message, read),
    expiredAt: read.instant('expired_at', message.expiredAt),
  }),
});

export const proposalSuperseded = eventMapper({
  type: 'ProposalSuperseded',
  topic: 'governance.decision.v1',
  schema: ProposalSupersededSchema,
  key: (event) => event.mandateId,
  toWire: (event) => ({ ...event }),
  fromWire: (message, read) => ({
    type: 'ProposalSuperseded',
    ...reviewedFromWire(message, read),
    supersededBy: read.text('superseded_by', message.supersededBy),
  }),
});

export const reviewMoved = eventMapper({
  type: 'ReviewMoved',
  topic: 'governance.decision.v1',
  schema: ReviewMovedSchema,
  key: (event) => event.mandateId,
  toWire: (event) => ({
    ...event,
    action: enumNumber(ReviewStepSchema, event.action),
    status: enumNumber(ReviewStateSchema, event.status),
  }),
  fromWire: (message, read) => ({
    type: 'ReviewMoved',
    ...reviewedFromWire(message, read),
    action: read.enumName<ReviewMoved['action']>('action', ReviewStepSchema, message.action),
    status: read.enumName<ReviewStatus>('status', ReviewStateSchema, message.status),
    actor: read.text('actor', message.actor),
    text: read.text('text', message.text),
    at: read.instant('at', message.at),
  }),
});

export const releaseHeld = eventMapper({
  type: 'ReleaseHeld',
  topic: 'governance.decision.v1',
  schema: ReleaseHeldSchema,
  key: (event) => event.mandateId,
  toWire: (event) => ({ ...event, reasons: event.reasons.map((reason) => ({ ...reason })) }),
  fromWire: (message, read) => ({
    type: 'ReleaseHeld',
    ...reviewedFromWire(message, read),
    at: read.instant('at', message.at),
    reasons: message.reasons.map(({ rule, reason }) => ({
      rule: read.text('reasons.rule', rule),
      reason: read.text('reasons.reason', reason),
    })),
  }),
});

export const killAcknowledged = eventMapper({
  type: 'KillAcknowledged',
  topic: 'control.killswitch.v1',
  schema: KillAcknowledgedSchema,
  key: (event) => event.scope,
  toWire: (event) => ({ ...event }),
  fromWire: (message, read) => ({
    type: 'KillAcknowledged',
    scope: read.text('scope', message.scope),
    mandateId: read.text('mandate_id', message.mandateId),
    affected: message.affected,
    notAffected: message.notAffected,
    at: read.instant('at', message.at),
  }),
});

export const killSwitchEngaged = eventMapper({
  type: 'KillSwitchEngaged',
  topic: 'control.killswitch.v1',
  schema: KillSwitchEngagedSchema,
  key: (event) => event.scope,
  toWire: (event) => ({ ...event }),
  fromWire: (message, read) => ({
    type: 'KillSwitchEngaged',
    scope: read.text('scope', message.scope),
    engaged: message.engaged,
    actor: read.text('actor', message.actor),
    reason: read.text('reason', message.reason),
    at: read.instant('at', message.at),
    ...(message.drill && { drill: true }),
  }),
});

export const auditCheckpointed = eventMapper({
  type: 'AuditCheckpointed',
  topic: 'audit.checkpoint.v1',
  schema: AuditCheckpointedSchema,
  key: (event) => event.log,
  toWire: (event) => ({ ...event, size: BigInt(event.size) }),
  fromWire: (message, read) => ({
    type: 'AuditCheckpointed',
    log: read.text('log', message.log),
    size: read.safeInteger('size', message.size),
    root: read.hash('root', message.root),
    ...(message.note !== '' && { note: message.note }),
  }),
});
