import { LIMIT_TOLERANCE } from '../../mandate/broken-limits';
import { faultless, notApplicable, unknown, type Policy } from './policy';

/** Every asset class lies within the bounds that the mandate sets for it. */
export const GROUP_POLICY: Policy = {
  id: 'group',
  evaluate({ lines, mandate }) {
    const bounds = Object.entries(mandate.limits.byAssetClass ?? {});
    if (bounds.length === 0) return notApplicable('group', 'the mandate bounds no asset class');
    const nameless = lines.find(({ assetClass }) => assetClass === undefined);
    if (nameless) return unknown('group', `the asset class of ${nameless.instrument}`, 'bounds of each asset class');
    const faults = bounds.flatMap(([name, { min, max }]) => {
      const members = lines.filter(({ assetClass }) => assetClass === name);
      const weight = members.reduce((sum, { targetWeight }) => sum + targetWeight, 0);
      const holds = weight >= min - LIMIT_TOLERANCE && weight <= max + LIMIT_TOLERANCE;
      return holds ? [] : [`${name} would weigh ${weight}, allowed is ${min} to ${max}`];
    });
    return faultless('group', faults, 'bounds of each asset class');
  },
};
