import type { IsoDate } from '@allostat/kernel';
import type { ModelUse } from '../risk-budgeting/events';
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
  /** What the registry says of the models that the proposal follows from; absent: nothing was asked. */
  readonly models?: readonly ModelStanding[];
}

/** A version of a model as the registry has it; without `trainedTo` it does not know the version. */
export interface ModelStanding extends ModelUse {
  readonly trainedTo?: IsoDate;
  /** People who made it. */
  readonly developers: readonly string[];
  /** Why it was taken out of use, and by whom. */
  readonly suspended?: string;
}

export const OPEN_RELEASE_CONTEXT: ReleaseContext = {
  policySet: DEFAULT_POLICY_SET,
  killed: [],
  builds: ['this'],
  caps: [],
};
