import { GovernanceRefusal } from '../refusal';
import { isOpen, nextStatus, REVIEW_ACTIONS, REVIEW_STATUSES, REVIEW_TRANSITIONS } from './review-status';

const pairs = REVIEW_STATUSES.flatMap((status) => REVIEW_ACTIONS.map((action) => [status, action] as const));

describe('the review machine', () => {
  it.each(pairs)('%s, %s: goes where the table says, or is refused with a typed error', (status, action) => {
    const next = REVIEW_TRANSITIONS[status][action];
    if (next !== undefined) {
      expect(nextStatus(status, action)).toBe(next);
      return;
    }
    expect(() => nextStatus(status, action)).toThrow(GovernanceRefusal);
    expect(() => nextStatus(status, action)).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^GOVERNANCE\.(REVIEW_CLOSED|ACTION_NOT_ALLOWED)$/) }),
    );
  });

  it('says of a refusal whether the review is over, and what it would take otherwise', () => {
    expect(() => nextStatus('completed', 'approve')).toThrow(
      expect.objectContaining({
        code: 'GOVERNANCE.REVIEW_CLOSED',
        hint: 'it has ended; only a later proposal can be decided on',
      }),
    );
    expect(() => nextStatus('released', 'approve')).toThrow(
      expect.objectContaining({
        code: 'GOVERNANCE.ACTION_NOT_ALLOWED',
        hint: 'possible now: acknowledge, complete, refuse',
      }),
    );
  });

  it('is open from when it is submitted until it is approved or over', () => {
    expect(REVIEW_STATUSES.filter((status) => isOpen(status))).toEqual(['submitted', 'challenged', 'responded']);
  });

  it('can only be released from approved, and approved only from an open state without a challenge', () => {
    const into = (to: string): string[] =>
      REVIEW_STATUSES.filter((from) => Object.values(REVIEW_TRANSITIONS[from]).some((next) => next === to));
    expect(into('released')).toEqual(['approved']);
    expect(into('approved')).toEqual(['submitted', 'responded']);
  });

  it('never leaves an end', () => {
    const ends = REVIEW_STATUSES.filter((status) => Object.keys(REVIEW_TRANSITIONS[status]).length === 0);
    expect(ends).toEqual([
      'completed',
      'rejected',
      'withdrawn',
      'expired',
      'superseded',
      'voided',
      'refused-by-order-system',
    ]);
    expect(ends.some((status) => isOpen(status))).toBe(false);
  });

  it('ends every open state, so that no review waits for ever', () => {
    for (const status of REVIEW_STATUSES.filter((s) => isOpen(s) || s === 'approved' || s === 'draft')) {
      expect(nextStatus(status, 'expire')).toBe('expired');
      expect(nextStatus(status, 'supersede')).toBe('superseded');
    }
  });
});
