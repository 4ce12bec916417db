import { boundsOf, LIMIT_TOLERANCE } from '../../mandate/broken-limits';
import { faultless, type Policy } from './policy';

/** Every weight lies within the bounds that the mandate sets for its instrument. */
export const WEIGHT_POLICY: Policy = {
  id: 'weight',
  evaluate({ lines, mandate }) {
    const faults = lines.flatMap(({ instrument, targetWeight }) => {
      const { min, max } = boundsOf(instrument, mandate);
      const holds = targetWeight >= min - LIMIT_TOLERANCE && targetWeight <= max + LIMIT_TOLERANCE;
      return holds ? [] : [`${instrument} would weigh ${targetWeight}, allowed is ${min} to ${max}`];
    });
    return faultless('weight', faults, 'bounds of each instrument');
  },
};
