import { deepFreeze } from '@allostat/kernel';
import type { GovernanceRefusal } from '../refusal';
import type { ReviewCore } from './review-core';

export const CONTENT = 'a'.repeat(64);
export const OPENED = '2024-02-01T09:00:00.000Z';
export const LATER = '2024-02-02T09:00:00.000Z';
export const EXPIRES = '2024-02-06T09:00:00.000Z';

/** A review that waits for two signatures, with what a test changes. */
export function reviewWith(change: Partial<ReviewCore> = {}): ReviewCore {
  return deepFreeze({
    status: 'submitted',
    contentHash: CONTENT,
    maker: 'max',
    parties: [{ person: 'max', part: 'maker' }],
    requirement: {
      tier: 'standard',
      approvals: 2,
      functions: [],
      questions: [],
      challenge: false,
      escalateAfterHours: 24,
    },
    openedAt: OPENED,
    expiresAt: EXPIRES,
    decisions: [],
    challenges: [],
    ...change,
  });
}

/** What a refusal tells: code, message, hint and status; undefined when nothing was refused. */
export function refusalOf(run: () => unknown): readonly [string, string, string | undefined, number] | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    const { name, code, message, hint, status } = error as GovernanceRefusal;
    if (name !== 'GovernanceRefusal') throw error;
    return [code, message, hint, status];
  }
}
