import { addDays, assertNever, canonicalJson, deterministicId } from '@allostat/kernel';
import { boundsOf } from '../../mandate/broken-limits';
import type { Mandate } from '../../mandate/mandate';
import type { AllocationProposed, WeightChange } from '../../optimization/events';
import { GovernanceRefusal } from '../refusal';

/** Faults that drills plant, each visible to a person who reads the part of the evidence that it names. */
export const FAULTS = [
  'weight-over-limit',
  'weights-do-not-sum',
  'stale-prices',
  'price-off-by-hundred',
  'cost-understated',
  'rationale-contradicted',
] as const;
export type Fault = (typeof FAULTS)[number];

/** What a reader should have noticed, told when the drill is over. */
export const FAULT_WORDS: Readonly<Record<Fault, string>> = {
  'weight-over-limit': 'a weight is above its limit in the mandate',
  'weights-do-not-sum': 'the weights do not sum to one',
  'stale-prices': 'the prices are a month older than the proposal claims to be fresh',
  'price-off-by-hundred': 'one price is a hundred times what it was',
  'cost-understated': 'the expected cost is a tenth of what the lines sum to',
  'rationale-contradicted': 'the rationale says the opposite of what the weights do',
};

const OVER = 0.05;
const STALE_DAYS = 30;
const PRICE_FACTOR = 100;
const COST_FACTOR = 10;

/**
 * A copy of a real proposal with one fault in it and an id of its own that looks like any other.
 * Throws `GovernanceRefusal` when the proposal leaves no room for the fault.
 */
export function plantFault(base: AllocationProposed, fault: Fault, mandate: Mandate, seed: string): AllocationProposed {
  const planted = faulty(base, fault, mandate);
  if (planted === undefined || canonicalJson(planted) === canonicalJson(base)) {
    throw new GovernanceRefusal(
      'GOVERNANCE.FAULT_DOES_NOT_FIT',
      `proposal ${base.proposalId} leaves no room for the fault ${fault}`,
      `choose another of ${FAULTS.join(', ')}`,
      422,
    );
  }
  return { ...planted, proposalId: deterministicId('proposal', base.proposalId, fault, seed) };
}

function faulty(base: AllocationProposed, fault: Fault, mandate: Mandate): AllocationProposed | undefined {
  const [first, ...rest] = byChange(base.weights);
  switch (fault) {
    case 'weight-over-limit':
      return overLimit(base, mandate);
    case 'weights-do-not-sum':
      return withWeights(base, new Map([[first.instrument, first.targetWeight + OVER]]));
    case 'stale-prices':
      return { ...base, asOf: addDays(`${base.asOf}T00:00:00.000Z`, -STALE_DAYS).slice(0, 10) };
    case 'price-off-by-hundred': {
      const prices = base.prices.map(({ id, close }) => ({
        id,
        close: id === first.instrument ? close * PRICE_FACTOR : close,
      }));
      return { ...base, prices };
    }
    case 'cost-understated':
      return base.expectedCost > 0 ? { ...base, expectedCost: base.expectedCost / COST_FACTOR } : undefined;
    case 'rationale-contradicted': {
      // what rose falls and what fell rises, in the same measure; the words stay
      const turned = [first, ...rest].map(({ instrument, previousWeight, targetWeight }) => {
        return [instrument, 2 * previousWeight - targetWeight] as const;
      });
      return turned.every(([, weight]) => weight >= 0) ? withWeights(base, new Map(turned)) : undefined;
    }
    default:
      return assertNever(fault);
  }
}

/** Lifts the weight with the least room to five points above its limit and takes them from the largest other one. */
function overLimit(base: AllocationProposed, mandate: Mandate): AllocationProposed | undefined {
  const roomOf = ({ instrument, targetWeight }: WeightChange): number =>
    boundsOf(instrument, mandate).max - targetWeight;
  const [lifted] = [...base.weights]
    .filter(({ instrument }) => boundsOf(instrument, mandate).max < 1)
    .sort((a, b) => roomOf(a) - roomOf(b));
  if (!lifted) return undefined;
  const by = roomOf(lifted) + OVER;
  const [giver] = base.weights
    .filter(({ instrument }) => instrument !== lifted.instrument)
    .sort((a, b) => b.targetWeight - a.targetWeight);
  if (!giver || giver.targetWeight < by) return undefined;
  return withWeights(
    base,
    new Map([
      [lifted.instrument, lifted.targetWeight + by],
      [giver.instrument, giver.targetWeight - by],
    ]),
  );
}

function withWeights(base: AllocationProposed, targets: ReadonlyMap<string, number>): AllocationProposed {
  const weights = base.weights.map((line) => ({
    ...line,
    targetWeight: targets.get(line.instrument) ?? line.targetWeight,
  }));
  return { ...base, weights };
}

function byChange(weights: readonly WeightChange[]): WeightChange[] {
  const size = ({ targetWeight, previousWeight }: WeightChange): number => Math.abs(targetWeight - previousWeight);
  return [...weights].sort((a, b) => size(b) - size(a));
}
