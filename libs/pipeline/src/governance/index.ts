export { auditLeafHash, type AuditRecord } from './audit-record';
export type {
  AnswerChallenge,
  AttemptRelease,
  ChallengeReview,
  DecideReview,
  ExpireReviews,
  OverrideProposal,
  WithdrawReview,
} from './commands';
export { isAboutTheMessage, statusAfterAnswer } from './answer-of-order-system';
export { contentHash } from './content-hash';
export { decideGovernance, type GovernanceContext, type GovernanceInput } from './decide';
export { MACHINE_MAKER } from './open-review';
export type { GovernanceOutput } from './output';
export { GovernanceRefusal } from './refusal';
export { initialGovernanceState, type GovernanceState, type Review } from './state';
export { releaseRecord } from './release';
export { OPEN_RELEASE_CONTEXT, type CapUse, type ModelStanding, type ReleaseContext } from './release-context';
export { modelScopes, scopesOfInstruction, type ReleaseScopes } from './release-scopes';
export { delegate, isInForce, type Delegation } from './review/delegation';
export { TIER_RULES, TIERS, tierOf, type Tier } from './review/materiality';
export { PARTS, type Part, type Party } from './review/parties';
export { CHALLENGE_TOPICS, missingApprovals, type Challenge, type ReviewCore } from './review/review-core';
export {
  isOpen,
  nextStatus,
  OPEN_STATUSES,
  REVIEW_ACTIONS,
  REVIEW_STATUSES,
  REVIEW_TRANSITIONS,
  type ReviewAction,
  type ReviewStatus,
} from './review/review-status';
export type { Signature } from './review/sign';
export type { DecisionRecord } from './policies/decision-record';
export { POLICIES } from './policies/policies';
export type { Policy, PolicyVerdict } from './policies/policy';
export {
  DEFAULT_POLICY_SET,
  policySetName,
  runPolicies,
  type PolicyReport,
  type PolicySet,
} from './policies/policy-set';
export {
  engagedScopes,
  pressKillSwitch,
  scopesThatStop,
  type EngagedScope,
  type KillEntry,
  type PressKillSwitch,
} from './kill-switch';
export { recheck, type Recheck } from './policies/recheck';
export { orderedValue } from './policies/decision-measures';
export { makeDecisionRecord } from './make-decision-record';
export { indicativeOrders, indicativeValue } from './indicative-orders';
export {
  CHANGE_KINDS,
  decideChange,
  expireChange,
  proposeChange,
  withdrawChange,
  type Change,
  type ChangeContent,
  type ChangeKind,
} from './change';
export { answerChallenge, challengeReview } from './review/challenge';
export { policySetSchema } from './policies/policy-set-schema';
export { EVIDENCE_PARTS, evidenceOf, readingSeconds, type Evidence, type EvidencePart } from './oversight/evidence';
export {
  actOnDrill,
  endDrill,
  isRunning,
  plantDrill,
  type Drill,
  type DrillCommand,
  type DrillStep,
} from './oversight/drill';
export { FAULTS, FAULT_WORDS, type Fault } from './oversight/plant-fault';
export { scoreOverride, type PricesAt } from './oversight/score-override';
export type { DrillResult, JudgedDecision, Objection, OversightFacts } from './oversight/oversight-facts';
export { oversightReport, type OversightReport, type PersonOversight } from './oversight/oversight-report';
export type { OversightAlarm } from './oversight/rubber-stamp';
export { covers, committeeSchema, type Committee } from './committee/committee';
export type { ItemResult } from './committee/count-votes';
export {
  castVote,
  CHOICES,
  closeMeeting,
  convene,
  type Meeting,
  type MeetingItem,
  type Minutes,
  type Vote,
} from './committee/meeting';
export { declareAbsence, type Absence } from './review/absence';
export type { CommitteeStanding } from './review/sign';
export {
  acknowledgeAlarm,
  ALARM_KINDS,
  alarmIdOf,
  raiseAlarm,
  REPEAT_AFTER_MINUTES,
  repeatAlarm,
  type AlarmHistory,
  type AlarmKind,
  type AlarmWish,
} from './alarms/alarm';
export {
  findingText,
  reconcile,
  type Finding,
  type OurInstruction,
  type Reconciliation,
} from './reconciliation/reconcile';
