import { atMost, type Policy } from './policy';

/** What is not cash is spread: the sum of squared weights stays below the limit. */
export const CONCENTRATION_POLICY: Policy = {
  id: 'concentration',
  evaluate({ lines, mandate }, { herfindahlMax }) {
    const observed = lines
      .filter(({ instrument }) => instrument !== mandate.cashInstrument)
      .reduce((sum, { targetWeight }) => sum + targetWeight * targetWeight, 0);
    return atMost('concentration', { observed, limit: herfindahlMax, what: 'the sum of squared weights' });
  },
};
