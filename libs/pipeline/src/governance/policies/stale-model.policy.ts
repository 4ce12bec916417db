import { atMost, type Policy } from './policy';

/** The model behind the decision was trained recently enough. */
export const STALE_MODEL_POLICY: Policy = {
  id: 'stale-model',
  evaluate: ({ modelAgeDays }, { modelAgeDaysMax }) =>
    atMost('stale-model', { observed: modelAgeDays, limit: modelAgeDaysMax, what: 'age of the model in days' }),
};
