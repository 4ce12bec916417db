import { atMost, type Policy } from './policy';

const DAY_MS = 86_400_000;

/** The prices that the decision was made on are recent when it leaves. */
export const STALE_DATA_POLICY: Policy = {
  id: 'stale-data',
  evaluate({ asOf, at }, { dataAgeDaysMax }) {
    const observed = (Date.parse(at) - Date.parse(`${asOf}T00:00:00Z`)) / DAY_MS;
    return atMost('stale-data', { observed, limit: dataAgeDaysMax, what: 'age of the prices in days' });
  },
};
