import { atMost, type Policy } from './policy';

const DAY_MS = 86_400_000;

/** A mandate does not release again and again: so many times in a day, this one included. */
export const EXECUTION_THROTTLE_POLICY: Policy = {
  id: 'execution-throttle',
  evaluate({ releases, at }, { releasesPerDayMax }) {
    const start = Date.parse(at) - DAY_MS;
    const recent = releases.filter((release) => Date.parse(release) > start).length;
    return atMost('execution-throttle', { observed: recent + 1, limit: releasesPerDayMax, what: 'releases in a day' });
  },
};
