import type { Universe } from '../universe/universe';
import { DEFAULT_POLICY_SET, type PolicySet } from './policies/policy-set';

/** A cap that several mandates share, and how much of it others have reserved or used. */
export interface CapUse {
  readonly id: string;
  readonly limit: number;
  readonly used: number;
}

/** What a release depends on beside the mandate's own state. */
export interface ReleaseContext {
  readonly policySet: PolicySet;
  readonly universe?: Universe;
  /** Engaged scopes of the kill switch that this mandate falls under. */
  readonly killed: readonly string[];
  /** Builds that are running. */
  readonly builds: readonly string[];
  readonly caps: readonly CapUse[];
}

export const OPEN_RELEASE_CONTEXT: ReleaseContext = {
  policySet: DEFAULT_POLICY_SET,
  killed: [],
  builds: ['this'],
  caps: [],
};
