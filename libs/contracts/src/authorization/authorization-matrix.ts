import { DECIDING_ROLES as DECIDE, type Role } from './roles';

const EVERYBODY: readonly Role[] = ['portfolio-manager', 'risk', 'committee', 'compliance', 'researcher', 'operator'];

/** Who may call a route. `public` needs no proof of identity. A mandate or universe is checked too wherever one is named. */
export type Access = readonly Role[] | 'public';

/**
 * Every route of every service and the roles that may call it: what is not here is refused, and a test fails for a
 * route without a row.
 */
export const AUTHORIZATION_MATRIX: Readonly<Record<string, Access>> = {
  'GET /identity/keys': 'public',
  'POST /identity/token': 'public',
  'POST /observations': ['operator', 'data'],
  'GET /quarantine': EVERYBODY,
  'GET /quarantine/:id': EVERYBODY,
  // whoever does cannot sign proposals that rest on it
  'POST /quarantine/:id/decisions': ['risk', 'operator'],
  'GET /alerts': EVERYBODY,
  'GET /alerts/:universe': EVERYBODY,
  'GET /alerts/:universe/stream': EVERYBODY,
  'POST /alerts/:universe/actions': ['risk', 'portfolio-manager', 'operator'],
  'GET /reviews': EVERYBODY,
  'GET /reviews/:id': EVERYBODY,
  'GET /reviews/:id/evidence/:part': EVERYBODY,
  'POST /reviews/:id/decisions': DECIDE,
  'POST /reviews/:id/override': DECIDE,
  'POST /reviews/:id/challenges': [...DECIDE, 'compliance', 'researcher'],
  'POST /reviews/:id/challenges/:challenge/answer': [...DECIDE, 'researcher'],
  'POST /reviews/:id/withdrawal': DECIDE,
  'POST /reviews/:id/recheck': EVERYBODY,
  'POST /reviews/:id/release': ['risk', 'operator'],
  'GET /infeasible': EVERYBODY,
  'GET /oversight': ['risk', 'committee', 'compliance', 'operator'],
  // who decides must not see which proposals are planted
  'GET /drills': ['compliance', 'operator'],
  'POST /drills': ['compliance', 'operator'],
  'GET /delegations': EVERYBODY,
  'POST /delegations': DECIDE,
  'DELETE /delegations/:id': DECIDE,
  'GET /absences': EVERYBODY,
  'POST /absences': [...DECIDE, 'compliance', 'operator'],
  'DELETE /absences/:id': [...DECIDE, 'compliance', 'operator'],
  'GET /meetings': EVERYBODY,
  'GET /meetings/:id': EVERYBODY,
  'POST /meetings': [...DECIDE, 'compliance'],
  // a committee has whom it has: its list of members says who votes
  'POST /meetings/:id/votes': EVERYBODY,
  'POST /meetings/:id/minutes': EVERYBODY,
  'GET /alarms': EVERYBODY,
  'GET /alarms/:id': EVERYBODY,
  'POST /alarms/:id/acknowledgement': [...DECIDE, 'compliance', 'operator'],
  'GET /reconciliations': EVERYBODY,
  'GET /reconciliations/:id': EVERYBODY,
  'POST /reconciliations': ['risk', 'compliance', 'operator'],
  'GET /kill-switch': [...EVERYBODY, 'order-system'],
  'POST /kill-switch/engagements': [...DECIDE, 'compliance', 'operator'],
  'POST /kill-switch/armings': ['risk', 'committee', 'compliance', 'operator'],
  'GET /changes': EVERYBODY,
  'GET /changes/:id': EVERYBODY,
  'POST /changes': ['portfolio-manager', 'risk', 'compliance', 'researcher', 'operator'],
  'POST /changes/:id/challenges': [...DECIDE, 'compliance', 'researcher'],
  'POST /changes/:id/challenges/:challenge/answer': [...DECIDE, 'compliance', 'researcher'],
  'POST /changes/:id/withdrawal': ['portfolio-manager', 'risk', 'compliance', 'researcher', 'operator'],
  'POST /changes/:id/decisions': [...DECIDE, 'compliance'],
  'GET /versions/:kind/:id': EVERYBODY,
  'GET /jobs': EVERYBODY,
  'GET /jobs/:id': EVERYBODY,
  'POST /jobs': ['portfolio-manager', 'risk', 'researcher', 'operator'],
  'POST /jobs/:id/cancellation': ['portfolio-manager', 'risk', 'researcher', 'operator'],
  'GET /audit/verification': EVERYBODY,
  'GET /audit/key': 'public',
  'GET /audit/checkpoint': EVERYBODY,
  'GET /audit/consistency': EVERYBODY,
  'GET /audit/inclusion': EVERYBODY,
  'GET /audit/receipts/:proposalId': EVERYBODY,
  'GET /audit/model-receipts/:changeId': EVERYBODY,
  // a co-signature proves by itself who sent it
  'POST /audit/cosignatures': 'public',
};

/** Whether one of `roles` may call a route; false for a route that nobody wrote down. */
export function mayCall(route: string, roles: readonly string[]): boolean {
  const access = Object.hasOwn(AUTHORIZATION_MATRIX, route) ? AUTHORIZATION_MATRIX[route] : undefined;
  if (access === undefined) return false;
  return access === 'public' || access.some((role) => roles.includes(role));
}
