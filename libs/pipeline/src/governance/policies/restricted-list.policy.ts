import { faultless, notApplicable, type Policy } from './policy';

/** Nothing is bought of an instrument on the restricted list. */
export const RESTRICTED_LIST_POLICY: Policy = {
  id: 'restricted-list',
  evaluate({ lines }, { restricted }) {
    if (restricted === undefined) return notApplicable('restricted-list', 'the policy set has no restricted list');
    const faults = lines
      .filter(({ instrument, previousWeight, targetWeight }) => {
        return restricted.includes(instrument) && targetWeight > previousWeight;
      })
      .map(({ instrument }) => `${instrument} is restricted and would be bought`);
    return faultless('restricted-list', faults, 'no purchase of a restricted instrument');
  },
};
