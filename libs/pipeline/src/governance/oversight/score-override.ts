import { addDays, invariant, type IsoDate } from '@allostat/kernel';
import type { AllocationProposed } from '../../optimization/events';

/** Days after which an override is scored: a month. */
export const OVERRIDE_HORIZON_DAYS = 30;

/** Closes that are known of a date. */
export interface PricesAt {
  readonly asOf: IsoDate;
  readonly prices: readonly { readonly id: string; readonly close: number }[];
}

/** What became of an override: returns after cost of both portfolios, held without trading, and their difference. */
export interface OverrideScore {
  readonly from: IsoDate;
  readonly to: IsoDate;
  readonly proposedReturn: number;
  readonly ownReturn: number;
  /** `ownReturn - proposedReturn`; positive when the person did better than the proposal. */
  readonly valueAdded: number;
}

type Scored = Pick<AllocationProposed, 'asOf' | 'prices' | 'weights' | 'expectedCost'>;

/**
 * Scores a person's weights against those they replaced, at the first later prices that are at least
 * `OVERRIDE_HORIZON_DAYS` after the decision and price everything that either portfolio holds. Undefined while there are
 * none. Returns are fractions; income that prices do not show is not counted.
 */
export function scoreOverride(own: Scored, proposed: Scored, later: readonly PricesAt[]): OverrideScore | undefined {
  invariant(own.asOf === proposed.asOf, 'an override and what it replaces are of one date');
  const held = [...own.weights, ...proposed.weights].filter(({ targetWeight }) => targetWeight !== 0);
  const start = new Map(proposed.prices.map(({ id, close }) => [id, close]));
  const due = addDays(`${proposed.asOf}T00:00:00.000Z`, OVERRIDE_HORIZON_DAYS).slice(0, 10);
  const ends = later.filter(({ asOf }) => asOf >= due).sort((a, b) => (a.asOf < b.asOf ? -1 : 1));
  for (const { asOf, prices } of ends) {
    const end = new Map(prices.map(({ id, close }) => [id, close]));
    if (!held.every(({ instrument }) => isPrice(start.get(instrument)) && isPrice(end.get(instrument)))) continue;
    const returnOf = ({ weights, expectedCost }: Scored): number =>
      weights.reduce((sum, { instrument, targetWeight }) => {
        if (targetWeight === 0) return sum;
        return sum + targetWeight * ((end.get(instrument) as number) / (start.get(instrument) as number) - 1);
      }, -expectedCost);
    const [proposedReturn, ownReturn] = [returnOf(proposed), returnOf(own)];
    return { from: proposed.asOf, to: asOf, proposedReturn, ownReturn, valueAdded: ownReturn - proposedReturn };
  }
  return undefined;
}

function isPrice(price: number | undefined): boolean {
  return price !== undefined && price > 0;
}
