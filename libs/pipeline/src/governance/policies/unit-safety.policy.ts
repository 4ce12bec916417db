import { orderedValue, turnoverOfDecision } from './decision-measures';
import { faultless, type Policy } from './policy';

/** Weights sum to one within rounding. */
const SUM_TOLERANCE = 1e-9;
/** Orders may be worth this much more than the weights say, for lots that round up. */
const ROUNDING_SHARE = 0.01;

/**
 * Weights, quantities and values agree: weights are fractions that sum to one, and the orders are worth what the
 * change of weights says, never more than the assets. Money typed into a field for units is stopped here.
 */
export const UNIT_SAFETY_POLICY: Policy = {
  id: 'unit-safety',
  evaluate(record) {
    const { lines, mandate } = record;
    const faults: string[] = [];
    const sum = lines.reduce((total, { targetWeight }) => total + targetWeight, 0);
    if (!(Math.abs(sum - 1) <= SUM_TOLERANCE)) faults.push(`weights sum to ${sum}, must be 1`);
    for (const { instrument, targetWeight } of lines) {
      if (!(targetWeight >= 0 && targetWeight <= 1))
        faults.push(`${instrument} has weight ${targetWeight}, not 0 to 1`);
    }
    const value = orderedValue(record);
    const lots = record.orders.reduce((total, { lotSize, price }) => total + lotSize * price, 0);
    const allowed = (2 * turnoverOfDecision(record) + ROUNDING_SHARE) * mandate.notional + lots;
    if (!(value <= allowed)) {
      faults.push(`orders are worth ${value} of ${mandate.currency}, the change of weights allows ${allowed}`);
    }
    return faultless('unit-safety', faults, 'weights, quantities and values agree');
  },
};
