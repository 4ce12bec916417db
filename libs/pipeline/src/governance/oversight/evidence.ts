import { canonicalJson, sha256Hex } from '@allostat/kernel';
import type { Mandate } from '../../mandate/mandate';
import type { AllocationProposed } from '../../optimization/events';

/** Parts of what a proposal rests on, each opened and recorded by itself; `proposal` is the whole page. */
export const EVIDENCE_PARTS = ['proposal', 'weights', 'rationale', 'risk', 'explanation', 'limits', 'inputs'] as const;
export type EvidencePart = (typeof EVIDENCE_PARTS)[number];

export interface Evidence {
  readonly part: EvidencePart;
  /** SHA-256 of the canonical JSON of `content`. */
  readonly hash: string;
  readonly content: unknown;
}

/** One part of the evidence of a proposal under a mandate, with its hash. */
export function evidenceOf(part: EvidencePart, proposal: AllocationProposed, mandate: Mandate): Evidence {
  const content = contentOf(part, proposal, mandate);
  return { part, hash: sha256Hex(canonicalJson(content)), content };
}

function contentOf(part: EvidencePart, proposal: AllocationProposed, mandate: Mandate): unknown {
  const { weights, prices, rationale, claims = [], explanation, surrogate, inputs, certificate } = proposal;
  const { expectedVolatility, volatilityTarget, turnover, expectedCost } = proposal;
  switch (part) {
    case 'proposal':
      return proposal;
    case 'weights':
      return { weights, prices };
    case 'rationale':
      return { rationale, claims };
    case 'risk':
      return { expectedVolatility, volatilityTarget, turnover, expectedCost, certificate };
    case 'explanation':
      return { explanation: explanation ?? null, ...(surrogate && { surrogate }) };
    case 'limits':
      return { limits: mandate.limits, risk: mandate.risk, approvals: mandate.approvals, stage: mandate.stage };
    case 'inputs':
      return { inputs, mandateVersion: proposal.mandateVersion, asOf: proposal.asOf };
  }
}

/** Silent reading of English non-fiction, words a minute: Brysbaert (2019), Journal of Memory and Language 109, 104047. */
export const READING_WORDS_PER_MINUTE = 238;
/** A changed weight is read as its name and two numbers. */
const WORDS_A_LINE = 3;

/** Seconds that reading the rationale and the changed weights takes a person of average speed. */
export function readingSeconds({ rationale, weights }: Pick<AllocationProposed, 'rationale' | 'weights'>): number {
  const words = rationale.reduce((sum, text) => sum + text.split(/\s+/).filter((word) => word !== '').length, 0);
  const changed = weights.filter(({ previousWeight, targetWeight }) => previousWeight !== targetWeight).length;
  return (60 * (words + WORDS_A_LINE * changed)) / READING_WORDS_PER_MINUTE;
}
