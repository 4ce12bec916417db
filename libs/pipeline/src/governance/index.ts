export { auditLeafHash, type AuditRecord } from './audit-record';
export type { DecideReview, ExpireReviews, OverrideProposal } from './commands';
export { contentHash } from './content-hash';
export { decideGovernance, type GovernanceInput } from './decide';
export { MACHINE_MAKER } from './open-review';
export type { GovernanceOutput } from './output';
export { GovernanceRefusal } from './refusal';
export { initialGovernanceState, type GovernanceState, type Review } from './state';
