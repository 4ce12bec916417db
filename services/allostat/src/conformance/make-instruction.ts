import { canonicalJson, deterministicId, sha256Hex } from '@allostat/kernel';
import { auditLeafHash, releaseRecord, type AllocationReleased, type InstructionTerms } from '@allostat/pipeline';

export interface InstructionWish {
  readonly mandateId: string;
  readonly sequence: number;
  /** Weight of the first of the two instruments. */
  readonly weight: number;
  /** What the approvers saw as held of it; default half. */
  readonly seen?: number;
  readonly terms?: Partial<InstructionTerms>;
  readonly validUntil?: string;
  readonly asOf?: string;
  readonly now: string;
  /** Price of the first instrument; default 100. */
  readonly price?: number;
}

const NOTIONAL = 1e6;

/** A well-formed instruction with a proof that holds, as governance would send it. */
export function makeInstruction(wish: InstructionWish): AllocationReleased {
  const { mandateId, sequence, weight, now, seen = 0.5, price = 100, asOf = '2024-01-08' } = wish;
  const id = (what: string): string => deterministicId('conformance', what, mandateId, String(sequence));
  const contentHash = sha256Hex(`${mandateId} ${sequence} ${weight}`);
  const held = [
    { instrument: 'EQ', weight: seen },
    { instrument: 'BOND', weight: 1 - seen },
  ];
  const lots = Math.round(((weight - seen) * NOTIONAL) / price);
  const bonds = Math.round(((seen - weight) * NOTIONAL) / 50);
  const order = (instrument: string, quantity: number, referencePrice: number) => {
    const side = quantity > 0 ? ('buy' as const) : ('sell' as const);
    return { instrument, side, quantity: Math.abs(quantity), lotSize: 1, referencePrice };
  };
  const terms: InstructionTerms = {
    action: 'new',
    currency: 'USD',
    notional: NOTIONAL,
    weightScale: 15,
    effectiveFrom: now,
    holdings: { asOf, hash: sha256Hex(canonicalJson(held)), weights: held },
    orders: [order('EQ', lots, price), order('BOND', bonds, 50)].filter(({ quantity }) => quantity > 0),
    cash: { targetWeight: 0, funding: 'sell-first' },
    provenance: {
      mode: 'pilot',
      regime: 'expansion',
      mandateVersion: 1,
      riskModel: sha256Hex('risk model'),
      budget: sha256Hex('budget'),
      policySet: 'default@1',
    },
    ...wish.terms,
  };
  const approval = { decision: 'approve', reason: 'conformance case', contentHash, at: now } as const;
  const content = {
    instructionId: id('instruction'),
    sequence,
    mandateId,
    proposalId: id('proposal'),
    contentHash,
    asOf,
    releasedAt: now,
    validUntil: wish.validUntil ?? new Date(Date.parse(now) + 86_400_000).toISOString(),
    targets: [
      { instrument: 'EQ', weight, referencePrice: price },
      { instrument: 'BOND', weight: 1 - weight, referencePrice: 50 },
    ],
    approvals: [
      { actor: 'pat', ...approval },
      { actor: 'riley', ...approval },
    ],
    terms,
  };
  return { type: 'AllocationReleased', ...content, auditHash: auditLeafHash(releaseRecord(content)) };
}
