import { unknown, type Policy } from './policy';

/** All running instances are of one build: none decides by old rules. */
export const VERSION_HOMOGENEITY_POLICY: Policy = {
  id: 'version-homogeneity',
  evaluate({ builds }) {
    const different = [...new Set(builds)];
    if (different.length === 0) return unknown('version-homogeneity', 'the running build', 1);
    return {
      policy: 'version-homogeneity',
      verdict: different.length === 1 ? 'pass' : 'fail',
      observed: different.length,
      limit: 1,
      reason: `running builds: ${different.join(', ')}`,
    };
  },
};
