import type { ReviewDecision } from '../events';
import { missingApprovals } from './review-core';
import { CONTENT, OPENED, reviewWith } from './sample-review.fixture';

const by = (actor: string, role: string, decision: ReviewDecision['decision'] = 'approve'): ReviewDecision => ({
  actor,
  decision,
  function: role,
  reason: 'checked it',
  contentHash: CONTENT,
  at: OPENED,
});
const missing = (approvals: number, functions: readonly string[], decisions: readonly ReviewDecision[]) =>
  missingApprovals({ requirement: { ...reviewWith().requirement, approvals, functions }, decisions });

describe('what a review still needs', () => {
  it.each([
    ['everything', 2, [], [], { count: 2, functions: [] }],
    ['one more', 2, [], [by('ann', 'risk')], { count: 1, functions: [] }],
    ['nothing', 2, [], [by('ann', 'risk'), by('bob', 'risk')], { count: 0, functions: [] }],
    ['no less than nothing', 1, [], [by('ann', 'risk'), by('bob', 'risk')], { count: 0, functions: [] }],
    [
      'one more, as a rejection is none',
      2,
      [],
      [by('ann', 'risk'), by('bob', 'risk', 'reject')],
      { count: 1, functions: [] },
    ],
    [
      'the function that is not there',
      2,
      ['risk', 'committee'],
      [by('ann', 'risk')],
      { count: 1, functions: ['committee'] },
    ],
    [
      'the function, although there are enough signatures',
      2,
      ['risk', 'committee'],
      [by('ann', 'risk'), by('bob', 'risk')],
      { count: 1, functions: ['committee'] },
    ],
    [
      'the function that only a rejection had',
      1,
      ['risk'],
      [by('ann', 'risk', 'reject')],
      { count: 1, functions: ['risk'] },
    ],
  ])('is %s', (_what, approvals, functions, decisions, expected) => {
    expect(missing(approvals, functions, decisions)).toEqual(expected);
  });
});
