import { atMost, notApplicable, type Policy } from './policy';

/** What people saw as held is what the order system says is held. Before its first report there is nothing to compare. */
export const STALE_HOLDINGS_POLICY: Policy = {
  id: 'stale-holdings',
  evaluate({ lines }, { holdingsDriftMax }) {
    if (lines.every(({ heldWeight }) => heldWeight === undefined)) {
      return notApplicable('stale-holdings', 'the order system has reported no holdings yet');
    }
    const drifts = lines.map(({ heldWeight, previousWeight }) =>
      heldWeight === undefined ? Number.NaN : Math.abs(heldWeight - previousWeight),
    );
    return atMost('stale-holdings', {
      observed: Math.max(...drifts),
      limit: holdingsDriftMax,
      what: 'largest difference between seen and held weight',
    });
  },
};
