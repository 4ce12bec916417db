import { canonicalJson } from '@allostat/kernel';
import type { Mandate } from '../mandate/mandate';
import { decideOptimization } from '../optimization/decide';
import type { AllocationProposed } from '../optimization/events';
import type { RiskBudgetSet } from '../risk-budgeting/events';
import type { RiskModel } from '../risk-budgeting/risk-model';
import type { Universe } from '../universe/universe';
import { differences, type Difference } from './differences';

/** All that a proposal was made from; each is kept under the hash that the proposal names. */
export interface ProposalSources {
  readonly budget: RiskBudgetSet;
  readonly riskModel: RiskModel;
  readonly universe: Universe;
  readonly mandate: Mandate;
}

export interface ProposalReplay {
  /** True when the same proposal comes out, bit for bit. */
  readonly identical: boolean;
  /** True when weights, cost, risk and certificate come out bit for bit, whatever a later version adds or explains in other words. */
  readonly sameDecision: boolean;
  readonly difference: readonly Difference[];
}

/** Makes a proposal again from its sources, with the code of today, and compares it with what was proposed then. */
export function replayProposal(proposed: AllocationProposed, sources: ProposalSources): ProposalReplay {
  const { budget, riskModel, universe, mandate } = sources;
  const { events } = decideOptimization({ type: 'BudgetReceived', budget, riskModel, universe }, { mandate });
  // both through the same form: an absent field and an undefined one are the same on the wire
  const plain = (value: unknown): unknown => JSON.parse(canonicalJson(value));
  const difference = differences(plain(proposed), plain(events[0]));
  return { identical: difference.length === 0, sameDecision: difference.every(isExplanation), difference };
}

const EXPLAINS = new Set(['explanation', 'claims', 'rationale']);

/** Whether a difference leaves the decision as it was: it explains, or is a field that was not stated then. */
function isExplanation({ field, was }: Difference): boolean {
  return was === undefined || EXPLAINS.has(field.split('.')[0]);
}
